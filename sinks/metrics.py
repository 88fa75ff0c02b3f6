"""The sink's metrics."""

from prometheus_client import Counter, Gauge, Histogram

from runtime.metrics import REGISTRY

ROWS = Counter("netcopilot_sink_rows", "Rows written to ClickHouse.", ["table"], registry=REGISTRY)
INSERTS = Counter("netcopilot_sink_inserts", "Inserts that ClickHouse took.", ["table"], registry=REGISTRY)
BYTES = Counter("netcopilot_sink_datum_bytes", "Bytes of the datums written to ClickHouse.", registry=REGISTRY)
BLOCKS = Counter(
    "netcopilot_sink_blocks",
    "Blocks finished: rows written, dead letters sent, offset kept.",
    registry=REGISTRY,
)
BLOCK_SECONDS = Histogram(
    "netcopilot_sink_block_seconds",
    "From a block's first message in the sink's hands until its rows are visible.",
    buckets=(0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60),
    registry=REGISTRY,
)
LAG = Gauge(
    "netcopilot_sink_lag_messages",
    "Messages in the topic that are not in ClickHouse yet.",
    ["topic", "partition"],
    registry=REGISTRY,
)
BUFFERED = Gauge(
    "netcopilot_sink_buffered_bytes", "Bytes of datums that wait for their insert.", ["topic"], registry=REGISTRY
)
RETRIES = Counter("netcopilot_sink_retries", "Calls that failed in a way that passes.", ["step"], registry=REGISTRY)
BISECTIONS = Counter("netcopilot_sink_bisections", "Inserts divided in search of a bad datum.", registry=REGISTRY)
DEAD_LETTERS = Counter(
    "netcopilot_sink_dead_letters", "Messages sent to the dead letters.", ["step"], registry=REGISTRY
)
REJECT_RATIO = Gauge(
    "netcopilot_sink_reject_ratio",
    "Share of the last minute's messages that became dead letters.",
    ["topic"],
    registry=REGISTRY,
)
REPLAYS = Counter(
    "netcopilot_sink_replayed_blocks",
    "Blocks written again because their first writer may have stopped halfway.",
    registry=REGISTRY,
)
EXPIRED = Counter(
    "netcopilot_sink_expired_positions",
    "Times the topic had deleted messages before they were read.",
    registry=REGISTRY,
)
STEPS = Counter(
    "netcopilot_sink_rolled_up_steps",
    "Steps from one typed command to the next, by sweep.",
    ["sweep"],
    registry=REGISTRY,
)
