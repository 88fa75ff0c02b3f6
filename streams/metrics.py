"""Metrics of the stream worker."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

EVENTS = Counter(
    "netcopilot_worker_events",
    "Executions analysed, by where the analysis came from.",
    ["cache_status"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter("netcopilot_worker_dead_letters", "Messages sent to the dead letters.", registry=REGISTRY)
BATCH_EVENTS = Histogram(
    "netcopilot_worker_batch_events",
    "Executions in a batch.",
    buckets=(1, 10, 100, 1_000, 10_000),
    registry=REGISTRY,
)
BATCH_LATENCY = Histogram(
    "netcopilot_worker_batch_latency_seconds",
    "From the arrival of a batch's oldest execution in the broker to its analysis.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
    registry=REGISTRY,
)
ANALYSIS_SECONDS = Histogram(
    "netcopilot_worker_analysis_seconds",
    "Parsing and judging one output that no cache knew.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    registry=REGISTRY,
)
PARSES = Counter(
    "netcopilot_worker_parses", "Outputs parsed, by how far the parse came.", ["parse_status"], registry=REGISTRY
)
CACHE_ERRORS = Counter("netcopilot_worker_cache_errors", "Redis calls that failed or timed out.", registry=REGISTRY)
IN_FLIGHT_BYTES = Gauge("netcopilot_worker_in_flight_bytes", "Bytes of batches in work.", registry=REGISTRY)
LAG = Gauge("netcopilot_worker_lag_events", "Events behind the end of a partition.", ["partition"], registry=REGISTRY)
