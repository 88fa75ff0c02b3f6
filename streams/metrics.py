"""Metrics of the stream worker."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

EVENTS = Counter(
    "netcopilot_worker_events",
    "Executions analysed, by where the analysis came from.",
    ["cache_status"],
    registry=REGISTRY,
)
EXPLANATIONS_REQUESTED = Counter(
    "netcopilot_worker_explanations_requested",
    "Fingerprints an explanation was asked for.",
    registry=REGISTRY,
)
EXPLANATIONS_FORGONE = Counter(
    "netcopilot_worker_explanations_forgone",
    "Outputs that share no fingerprint and were not asked about, because one like them just was.",
    registry=REGISTRY,
)
PURGES = Counter("netcopilot_worker_purges", "Purges of the caches that reached this worker.", registry=REGISTRY)
DEVICES_CONFIGURED = Counter(
    "netcopilot_worker_devices_configured",
    "Commands that configured a device: its outputs are analysed anew.",
    registry=REGISTRY,
)
DEAD_LETTERS = Counter("netcopilot_worker_dead_letters", "Messages sent to the dead letters.", registry=REGISTRY)
EVENTS_EXPIRED = Counter(
    "netcopilot_worker_events_expired",
    "Executions that the broker deleted before this worker read them.",
    registry=REGISTRY,
)
REJECT_RATIO = Gauge(
    "netcopilot_worker_reject_ratio", "Share of the last minute's messages that became dead letters.", registry=REGISTRY
)
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
    "Parsing and judging one output that no cache knew, in the main thread.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    registry=REGISTRY,
)
SLOW_LANE_ANALYSES = Counter(
    "netcopilot_worker_slow_lane_analyses",
    "Outputs that took too long for the main thread, by how the slow lane ended: finished, interrupted by the "
    "deadline, or failed with its process.",
    ["ended"],
    registry=REGISTRY,
)
SLOW_LANE_SECONDS = Histogram(
    "netcopilot_worker_slow_lane_seconds",
    "From giving an output to the slow lane to its analysis.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
SLOW_LANE_EXECUTIONS = Gauge(
    "netcopilot_worker_slow_lane_executions", "Executions in the slow lane or waiting for it.", registry=REGISTRY
)
PARSES = Counter(
    "netcopilot_worker_parses", "Outputs parsed, by how far the parse came.", ["parse_status"], registry=REGISTRY
)
CACHE_ERRORS = Counter("netcopilot_worker_cache_errors", "Redis calls that failed or timed out.", registry=REGISTRY)
IN_FLIGHT_BYTES = Gauge("netcopilot_worker_in_flight_bytes", "Bytes of batches in work.", registry=REGISTRY)
PARTITIONS_HELD = Gauge(
    "netcopilot_worker_partitions_held", "Partitions that are not read until their work is done.", registry=REGISTRY
)
LAG = Gauge("netcopilot_worker_lag_events", "Events behind the end of a partition.", ["partition"], registry=REGISTRY)
