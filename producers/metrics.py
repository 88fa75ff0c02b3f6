"""Metrics of everything that publishes from a device."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

EVENTS = Counter(
    "netcopilot_producers_events_total",
    "Events by where they ended up: acknowledged by the broker, spooled to disk, or refused.",
    ["outcome"],
    registry=REGISTRY,
)
DRAINED = Counter(
    "netcopilot_producers_drained_events_total", "Spooled events that the broker acknowledged later.", registry=REGISTRY
)
SPOOL_BYTES = Gauge("netcopilot_producers_spool_bytes", "Bytes that wait on disk for a broker.", registry=REGISTRY)
SPOOL_EVENTS = Gauge(
    "netcopilot_producers_spool_events",
    "Events that wait on disk for a broker, looked at every few seconds.",
    registry=REGISTRY,
)
SPOOL_OLDEST_SECONDS = Gauge(
    "netcopilot_producers_spool_oldest_seconds",
    "Age of the oldest event that waits on disk; 0 where none does.",
    registry=REGISTRY,
)
SPOOL_UNREADABLE_BYTES = Counter(
    "netcopilot_producers_spool_unreadable_bytes_total",
    "Bytes of the spool that a crash or the disk left damaged, passed over.",
    registry=REGISTRY,
)
HELD_EVENTS = Gauge(
    "netcopilot_producers_held_events", "Events kept in memory because the spool cannot be written.", registry=REGISTRY
)
UNACKNOWLEDGED_SENDS = Counter(
    "netcopilot_producers_unacknowledged_sends_total",
    "Sends that no broker acknowledged in time: each event is sent again, under the same event_id.",
    registry=REGISTRY,
)
REFUSED_KEPT = Counter(
    "netcopilot_producers_refused_kept_total",
    "Events that the broker will never take, kept in the folder of refused events.",
    registry=REGISTRY,
)
REDACTIONS = Counter(
    "netcopilot_producers_redactions_total", "Secrets replaced in commands and outputs.", registry=REGISTRY
)
COMMANDS = Counter(
    "netcopilot_producers_commands_total", "Commands run, by how they ended.", ["status"], registry=REGISTRY
)
COMMAND_DURATION = Histogram(
    "netcopilot_producers_command_duration_seconds",
    "How long commands ran.",
    registry=REGISTRY,
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300),
)
TRUNCATED = Counter(
    "netcopilot_producers_truncated_outputs_total", "Outputs that the output limit cut.", registry=REGISTRY
)
INVALID_TEXT = Counter(
    "netcopilot_producers_invalid_utf8_total", "Byte sequences replaced because they are no UTF-8.", registry=REGISTRY
)
SKIPPED_ROUNDS = Counter(
    "netcopilot_producers_skipped_rounds_total",
    "Rounds of a watched command that were left out because the one before still ran.",
    registry=REGISTRY,
)
