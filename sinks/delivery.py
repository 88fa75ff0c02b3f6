"""Takes blocks to ClickHouse so that at every crash point each event is visible exactly once, or a dead letter.

Three steps, each lasting before the next begins:

1. **Claim** (`sinks.claims`). Kafka's group offset is moved to the block's end: "somebody may have written up to here".
   The broker refuses the claim of a sink that the group has given up.
2. **Write.** The rows are inserted under a token made of the topic's incarnation, partition and offsets. Where they are
   refused, bad datums are searched, by a look at each and then by halves, and go to the dead letters. Done again with
   the same messages this changes nothing.
3. **Keep.** ClickHouse's `sink_offsets` is moved to the block's end: "all before here is written".

Whoever takes over a partition starts at the kept offset, and if the claim lies beyond it, cuts its first block exactly
there: the same messages, the same search, the same tokens. ReplacingMergeTree is the net below for blocks older than
ClickHouse's deduplication window.
"""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from runtime.log import get_logger
from schemas.registry import Registry
from sinks import metrics
from sinks.block import Block, offset_of
from sinks.deadletters import DeadLetters, Rejection
from sinks.plan import Plans
from sinks.retry import AbandonedError, Retry
from sinks.store import Store
from sinks.writer import BlockWriter

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
        self._writer = BlockWriter(
            store=store,
            plans=Plans(registry, store.feed.topic),
            retry=retry,
            reject_ratio=dead_letters.reject_ratio,
        )
        self._dead_letters = dead_letters
        self._retry = retry
        self._parallel = parallel

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
        rejections = self._writer.write(block)
        if not rejections:
            return
        unsent = list(rejections)
        self._retry(
            "dead_letter", lambda: self._dead_letters.publish(unsent), wanted=lambda: not block.cancelled.is_set()
        )
        _tell(block, rejections)

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


def _tell(block: Block, rejections: Sequence[Rejection]) -> None:
    """Log one line a reason: of a storm of bad messages, the dead letters themselves tell each."""
    for (step, reason), count in Counter((rejection.step, rejection.reason) for rejection in rejections).items():
        first = next(offset_of(one.message) for one in rejections if (one.step, one.reason) == (step, reason))
        log.warning(
            "dead_letters",
            partition=block.place.partition,
            step=step,
            reason=reason,
            messages=count,
            first_offset=first,
        )
