"""The API's metrics."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

REQUESTS = Counter(
    "netcopilot_api_requests_total",
    "Answered HTTP requests by route template, method and status.",
    ["route", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "netcopilot_api_request_duration_seconds",
    "Time from a request's arrival to the end of its answer; for live streams to the answer's beginning.",
    ["route", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
QUERY_SECONDS = Histogram(
    "netcopilot_api_query_duration_seconds",
    "Time of a ClickHouse query, waiting for its turn included.",
    ["query"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
QUERIES_SHARED = Counter(
    "netcopilot_api_shared_queries_total",
    "Questions to ClickHouse that were given the answer to an equal one.",
    registry=REGISTRY,
)
LIVE_DELAY = Histogram(
    "netcopilot_api_live_delay_seconds",
    "Time from an event's timestamp in Kafka until live streams are given it; of each batch the longest.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
    registry=REGISTRY,
)
LIVE_SUBSCRIBERS = Gauge(
    "netcopilot_api_live_subscribers_count", "Live streams that are open.", ["transport"], registry=REGISTRY
)
LIVE_EVENTS_DECODED = Counter(
    "netcopilot_api_live_decoded_events_total", "Events decoded for live streams.", registry=REGISTRY
)
LIVE_EVENTS_REFUSED = Counter(
    "netcopilot_api_live_refused_events_total", "Messages that could not be decoded.", registry=REGISTRY
)
LIVE_EVENTS_SENT = Counter(
    "netcopilot_api_live_sent_events_total", "Events written to live streams.", ["transport"], registry=REGISTRY
)
LIVE_EVENTS_DROPPED = Counter(
    "netcopilot_api_live_dropped_events_total", "Events dropped because their stream was too slow.", registry=REGISTRY
)
LIVE_STREAMS_ENDED = Counter(
    "netcopilot_api_live_ended_streams_total",
    "Live streams that the API ended, by reason.",
    ["reason"],
    registry=REGISTRY,
)
INGESTED_EVENTS = Counter(
    "netcopilot_api_ingested_events_total",
    "Events of POST /v1/commands that the broker acknowledged.",
    registry=REGISTRY,
)
INGEST_REDACTIONS = Counter(
    "netcopilot_api_ingest_redactions_total", "Secrets replaced in ingested events.", registry=REGISTRY
)
ANALYZED_OUTPUTS = Counter(
    "netcopilot_api_analyzed_outputs_total",
    "Outputs of POST /v1/analyze by outcome: analyzed, or the error's code.",
    ["outcome"],
    registry=REGISTRY,
)
ANALYZE_WAITING = Gauge(
    "netcopilot_api_analyze_waiting_count", "Outputs of POST /v1/analyze that wait for a process.", registry=REGISTRY
)
SUGGESTIONS = Counter(
    "netcopilot_api_suggestions_total", "Suggested next commands, by where they come from.", ["why"], registry=REGISTRY
)
