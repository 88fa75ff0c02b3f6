"""What the sink asks of ClickHouse."""

import struct
from collections.abc import Mapping, Sequence

import cramjam
from clickhouse_connect.driver.client import Client

from runtime.clickhouse import judged
from sinks.clickhouse import connect
from sinks.feed import COMMANDS_FEED, Feed
from sinks.settings import SinkSettings
from sinks.tables import SINK_OFFSETS

_OFFSET_COLUMNS = ("kafka_topic_id", "kafka_partition", "next_offset")
_OFFSET_ROW = struct.Struct("<16siq")
"""The columns in ClickHouse's RowBinary format: FixedString(16), Int32, Int64."""


class Store:
    """A feed's table, and how far it came. Every method may raise TransientError or ConfigurationError."""

    def __init__(self, client: Client, feed: Feed = COMMANDS_FEED, *, compress: bool = False) -> None:
        self._client = client
        self.feed = feed
        self._compress = compress

    def insert(self, container: bytes, columns: Sequence[str], *, token: str) -> None:
        """Write an Avro container's rows; all of them or none, and only once for the same token.

        Raises:
            DataError: ClickHouse cannot take the rows; nothing was written.

        """
        settings = {
            "insert_deduplicate": 1,
            "insert_deduplication_token": token,
            "deduplicate_blocks_in_dependent_materialized_views": 1,
            "max_partitions_per_insert_block": 0,
            "optimize_on_insert": 0,  # what stands twice in a block is for merges and readers, as between blocks
            "async_insert": 0,
            "wait_end_of_query": 1,
        }
        compression = None
        if self._compress:
            container, compression = bytes(cramjam.zstd.compress(container, level=1)), "zstd"
        with judged():
            self._client.raw_insert(self.feed.table, columns, container, settings, "Avro", compression)

    def next_offsets(self, topic_id: bytes) -> dict[int, int]:
        """Return for each partition of a topic's incarnation the offset up to which all is written."""
        query = (
            "SELECT kafka_partition, max(next_offset) FROM sink_offsets "
            "WHERE kafka_topic_id = unhex({topic_id:String}) GROUP BY kafka_partition"
        )
        with judged():
            rows = self._client.query(query, parameters={"topic_id": topic_id.hex()}).result_rows
        return {int(partition): int(offset) for partition, offset in rows}

    def keep_offsets(self, topic_id: bytes, next_offsets: Mapping[int, int]) -> None:
        """Note that everything before these offsets is written."""
        rows = b"".join(_OFFSET_ROW.pack(topic_id, partition, offset) for partition, offset in next_offsets.items())
        with judged():
            self._client.raw_insert(SINK_OFFSETS, _OFFSET_COLUMNS, rows, fmt="RowBinary")

    def answers(self) -> bool:
        """Whether ClickHouse answers now."""
        return bool(self._client.ping())


def open_store(settings: SinkSettings, feed: Feed) -> Store:
    """Return a feed's store in the ClickHouse that the settings name.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it does not know the user, the password or the database.

    """
    client = connect(settings, database=settings.clickhouse_database, timeout=settings.sink_insert_timeout_seconds)
    return Store(client, feed, compress=settings.sink_compression == "zstd")
