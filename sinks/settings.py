"""Settings of the sink process."""

from typing import Literal

from pydantic import Field

from runtime.settings import ClickHouseSettings, HealthSettings, KafkaSettings, ProcessSettings, RejectSettings
from schemas.topics import ANALYZED, DEAD

_MIB = 1024 * 1024


class SinkSettings(HealthSettings, KafkaSettings, ClickHouseSettings, RejectSettings, ProcessSettings):
    """What `netcopilot sink` takes."""

    sink_group: str = Field("netcopilot-sink", description="Consumer group; sinks of one group share the partitions.")
    sink_session_timeout_seconds: float = Field(
        6.0,
        ge=1,
        le=300,
        description="Seconds without heartbeat after which the group gives up a sink. "
        "Apache Kafka refuses less than its group.min.session.timeout.ms (6 s).",
    )
    sink_topic_patience_seconds: float = Field(
        60.0, gt=0, description="Seconds a broker may answer that it has no such topic before the sink stops."
    )
    sink_block_rows: int = Field(
        20_000,
        ge=1,
        le=1_000_000,
        description="A partition's block is full at this many rows, and so is an insert of several blocks ...",
    )
    sink_block_bytes: int = Field(24 * _MIB, ge=1, description="... or at this many bytes of datums ...")
    sink_block_age_seconds: float = Field(
        0.5, gt=0, description="... or due when its first row waited this long, seconds."
    )
    sink_buffer_bytes: int = Field(
        160 * _MIB, ge=1, description="Bytes of messages in memory above which the sink stops fetching."
    )
    sink_compression: Literal["none", "zstd"] = Field(
        "none",
        description="Compression of blocks on their way to ClickHouse; zstd pays off across a network.",
    )
    sink_parallel_inserts: int = Field(
        2,
        ge=1,
        le=64,
        description="Inserts at the same time; of partitions that are behind as many are read at a time as fill them.",
    )
    sink_insert_timeout_seconds: float = Field(30.0, gt=0, description="Patience with one insert, seconds.")
    sink_retry_max_seconds: float = Field(10.0, gt=0, description="Longest pause between two tries, seconds.")
    sink_drain_seconds: float = Field(
        20.0, gt=0, description="Longest time to write what is buffered when told to stop."
    )
    sink_roll_up_seconds: float = Field(
        5.0, gt=0, description="Seconds between two looks for typed commands whose predecessors are to be counted."
    )
    sink_stall_seconds: float = Field(
        60.0, gt=0, description="Seconds without progress, with events waiting, after which liveness fails."
    )

    @property
    def topic(self) -> str:
        """Topic of CommandAnalyzed events that is written to ClickHouse."""
        return ANALYZED.named(self.kafka_topic_prefix)

    @property
    def dead_letter_topic(self) -> str:
        """Topic for messages that ClickHouse can never take."""
        return DEAD.named(self.kafka_topic_prefix)
