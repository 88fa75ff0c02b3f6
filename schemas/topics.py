"""The topics, their keys and how they are kept."""

from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is created where it does not exist yet."""

    name: str
    record: str
    """Name of the Avro record its values hold (schemas/source)."""
    key: str
    """What the key is made of, for readers."""
    description: str
    partitions: int = 8
    retention: timedelta | None = 7 * DAY
    """None: compacted, kept for ever."""
    largest_message: int = 16 * MIB
    """Bytes; what becomes of an execution is larger than it was, also as a dead letter."""
    times_of_arrival: bool = False
    """Whether messages carry the broker's time: where devices write, whose wrong clocks would have the broker refuse a
    message or delete it before anyone read it."""

    def named(self, prefix: str) -> str:
        """Return the topic's name on a broker where all names begin with `prefix`."""
        return prefix + self.name

    @property
    def subject(self) -> str:
        """The registry subject of the value schema (TopicNameStrategy)."""
        return f"{self.name}-value"

    @property
    def config(self) -> dict[str, str]:
        """The topic-level configuration, in Kafka's own names."""
        config = {"cleanup.policy": "compact" if self.retention is None else "delete"}
        config["max.message.bytes"] = str(self.largest_message)
        if self.retention is not None:
            config["retention.ms"] = str(int(self.retention.total_seconds() * 1000))
        if self.times_of_arrival:
            config["message.timestamp.type"] = "LogAppendTime"
        return config


EXECUTED = Topic(
    name="commands.executed",
    record="CommandExecuted",
    key="tenant_id/device_id",
    description="Every command execution, as the device agent published it.",
    largest_message=8 * MIB,
    times_of_arrival=True,
)
ANALYZED = Topic(
    name="commands.analyzed",
    record="CommandAnalyzed",
    key="tenant_id/device_id",
    description="The same executions with their analysis: the executed datum's bytes, then the analysis fields.",
)
ANALYSES = Topic(
    name="analyses",
    record="Analysis",
    key="tenant_id/fingerprint",
    description="What a model said of a fingerprint.",
    retention=None,
)
ANALYSES_REQUESTED = Topic(
    name="analyses.requested",
    record="AnalysisRequested",
    key="tenant_id/fingerprint",
    description="Fingerprints that wait for a model's explanation.",
)
DEAD = Topic(
    name="commands.dead",
    record="",
    key="the original key",
    description="Messages that could not be processed: original bytes and headers, the reason in dlq.* headers.",
    retention=30 * DAY,
)

TOPICS: tuple[Topic, ...] = (EXECUTED, ANALYZED, ANALYSES, ANALYSES_REQUESTED, DEAD)
