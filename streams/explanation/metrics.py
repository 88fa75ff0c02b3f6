"""Metrics of the explainer."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

REQUESTS = Counter(
    "netcopilot_explainer_requests",
    "Requests finished: explained, ungrounded or refused by a call; known, expired, budget, invalid or failed without.",
    ["outcome"],
    registry=REGISTRY,
)
CALLS = Counter("netcopilot_explainer_calls", "Calls of the model, by how they ended.", ["result"], registry=REGISTRY)
CALL_SECONDS = Histogram(
    "netcopilot_explainer_call_seconds",
    "Duration of one call of the model.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160),
    registry=REGISTRY,
)
TOKENS = Counter(
    "netcopilot_explainer_tokens", "Tokens that the model read and wrote.", ["direction"], registry=REGISTRY
)
COST = Counter(
    "netcopilot_explainer_cost_units", "What the tokens cost, in the currency of the price settings.", registry=REGISTRY
)
ANSWERS = Counter(
    "netcopilot_explainer_answers",
    "Answers: grounded; ungrounded, for numbers or names from nowhere or a verdict denied; malformed; declined.",
    ["judgement"],
    registry=REGISTRY,
)
SUGGESTIONS = Counter(
    "netcopilot_explainer_suggestions",
    "Suggested commands: read_only or approval_required are shown; refused, malformed or ungrounded are dropped.",
    ["fate"],
    registry=REGISTRY,
)
IN_FLIGHT = Gauge("netcopilot_explainer_in_flight_requests", "Requests under way.", registry=REGISTRY)
BREAKER_OPEN = Gauge(
    "netcopilot_explainer_breaker_open", "Whether the model rests after failures: 1, else 0.", registry=REGISTRY
)
LOOKUP_ERRORS = Counter(
    "netcopilot_explainer_lookup_errors", "Calls of Redis or ClickHouse that failed.", ["store"], registry=REGISTRY
)
