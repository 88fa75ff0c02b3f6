"""Takes blocks to ClickHouse so that at every crash point each event is visible exactly once, or a dead letter.

Three steps, each lasting before the next begins:

1. **Claim** (`sinks.claims`). Kafka's group offset is moved to the block's end: "somebody may have written up to here".
   The broker refuses the claim of a sink that the group has given up.
2. **Write.** The rows are inserted under a token made of the topic's incarnation, partition and offsets; bad datums
   are searched by halves and go to the dead letters. Done again with the same messages this changes nothing.
3. **Keep.** ClickHouse's `sink_offsets` is moved to the block's end: "all before here is written".

Whoever takes over a partition starts at the kept offset, and if the claim lies beyond it, cuts its first block exactly
there: the same messages, the same halves, the same tokens. ReplacingMergeTree is the net below for blocks older than
ClickHouse's deduplication window.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from runtime.errors import DataError, TransientError
from runtime.log import get_logger
from schemas.catalog import RegisteredSchema
from schemas.errors import DatumError, RegistryUnavailableError
from schemas.registry import Registry
from schemas.wire import HEADER_SIZE
from sinks import metrics
from sinks.block import Block, Run, offset_of, token, value_of
from sinks.container import ContainerFormat, Datum
from sinks.deadletters import DeadLetters, Rejection
from sinks.retry import AbandonedError, Result, Retry
from sinks.store import Store

log = get_logger(__name__)


class Delivery:
    """Writes blocks, one list after the other; of a list, `parallel` blocks at the same time."""

    def __init__(
        self,
        *,
        store: Store,
        registry: Registry,
        dead_letters: DeadLetters,
        retry: Retry,
        parallel: int = 1,
    ) -> None:
        self._store = store
        self._registry = registry
        self._dead_letters = dead_letters
        self._retry = retry
        self._parallel = parallel
        self._formats: dict[int, ContainerFormat] = {}

    @property
    def waiting_for(self) -> str:
        """What the delivery waits for, empty while all is well."""
        return self._retry.waiting_for

    def deliver(self, blocks: Sequence[Block]) -> list[Block]:
        """Write claimed blocks of one topic incarnation, at most one a partition; return those that are written.

        The others were cancelled, or given up because the process stops.

        Raises:
            ConfigurationError: a person must act; also where most messages are no rows, before they are dead letters.

        """
        with ThreadPoolExecutor(min(self._parallel, len(blocks))) as threads:
            outcomes = list(threads.map(self._finish, blocks))
        written = [block for block, done in zip(blocks, outcomes, strict=True) if done]
        return written if self._keep(written) else []

    def _finish(self, block: Block) -> bool:
        try:
            self._write(block)
        except AbandonedError as error:
            log.warning("block_abandoned", partition=block.place.partition, reason=str(error))
            return False
        return True

    def _write(self, block: Block) -> None:
        rejections = [rejection for run in block.runs() for rejection in self._write_run(block, run)]
        if rejections:
            self._try("dead_letter", block, lambda: self._dead_letters.publish(rejections))
            for rejection in rejections:
                log.warning(
                    "dead_letter",
                    partition=block.place.partition,
                    offset=offset_of(rejection.message),
                    step=rejection.step,
                    reason=rejection.reason,
                )

    def _write_run(self, block: Block, run: Run) -> list[Rejection]:
        schema = run.schema
        if isinstance(schema, str):
            return self._reject(run, "frame", schema)
        try:
            container_format = self._try("schema", block, lambda: self._format(schema))
        except DataError as error:
            return self._reject(run, "schema", str(error))
        return self._insert(block, run, container_format)

    def _insert(self, block: Block, run: Run, container_format: ContainerFormat) -> list[Rejection]:
        datums = [Datum(offset_of(message), (value_of(message) or b"")[HEADER_SIZE:]) for message in run.messages]
        container = container_format.frame(block.place.topic_id, block.place.partition, datums)
        try:
            self._try(
                "insert",
                block,
                lambda: self._store.insert(container, container_format.columns, token=token(block, run)),
            )
        except DataError as error:
            if len(run.messages) == 1:
                return self._reject(run, "insert", str(error))
            metrics.BISECTIONS.inc()
            return [rejection for half in run.halves() for rejection in self._insert(block, half, container_format)]
        self._dead_letters.reject_ratio.note(messages=len(datums))
        metrics.ROWS.labels(self._store.feed.table).inc(len(datums))
        metrics.BYTES.inc(sum(len(datum.data) for datum in datums))
        return []

    def _reject(self, run: Run, step: str, reason: str) -> list[Rejection]:
        self._dead_letters.reject_ratio.note(messages=len(run.messages), rejected=len(run.messages), reason=reason)
        return [Rejection(message, step, reason) for message in run.messages]

    def _format(self, schema_id: int) -> ContainerFormat:
        if schema_id not in self._formats:
            self._formats[schema_id] = ContainerFormat(self._schema(schema_id))
        return self._formats[schema_id]

    def _schema(self, schema_id: int) -> RegisteredSchema:
        try:
            schema = self._registry.by_id(schema_id)
        except DatumError as error:
            raise DataError(str(error)) from error
        except RegistryUnavailableError as error:
            raise TransientError(str(error)) from error
        record = self._store.feed.topic.record
        if schema.definition["name"] != record:
            raise DataError(f"schema id {schema_id} is {schema.subject}, no {record}")
        return schema

    def _keep(self, written: Sequence[Block]) -> bool:
        if not written:
            return True
        ends = {block.place.partition: block.next_offset for block in written}
        try:
            self._retry("keep", lambda: self._store.keep_offsets(written[0].place.topic_id, ends))
        except AbandonedError as error:
            log.warning("offsets_not_kept", reason=str(error))
            return False
        now = time.monotonic()
        for block in written:
            metrics.BLOCKS.inc()
            metrics.BLOCK_SECONDS.observe(now - block.since)
        return True

    def _try(self, step: str, block: Block, action: Callable[[], Result]) -> Result:
        return self._retry(step, action, wanted=lambda: not block.cancelled.is_set())
