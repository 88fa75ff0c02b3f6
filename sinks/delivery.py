"""Takes blocks to ClickHouse so that at every crash point each event is visible exactly once, or a dead letter.

Three steps, each lasting before the next begins:

1. **Claim** (`sinks.claims`). Kafka's group offsets are moved to the blocks' ends: "somebody may have written up to
   here". The broker refuses the claim of a sink that the group has given up.
2. **Write.** The blocks are bundled (`sinks.bundle`), and a bundle's rows inserted under a token made of the topic's
   incarnation and of each block's partition and offsets. Where they are refused, each block is inserted by itself; of
   one that is refused, bad datums are searched, by a look at each and then by halves, and go to the dead letters. Done
   again with the same list this changes nothing.
3. **Keep.** ClickHouse's `sink_offsets` is moved to the blocks' ends: "all before here is written".

One list at a time goes through these steps, so what was under way when a sink died is what its partitions hold between
kept offset and claim. Whoever takes them over starts at the kept offsets, cuts the first blocks exactly at the claims,
and delivers them in a list of their own: the same bundles, the same search, the same tokens. Where the partitions go to
several successors, or a block was taken out of the list, bundles and tokens differ: then ReplacingMergeTree and readers
with FINAL are the net (rows may stand twice physically, never visibly), as for what is older than ClickHouse's
deduplication window.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from runtime.log import get_logger
from schemas.registry import Registry
from sinks import metrics
from sinks.block import Block
from sinks.bundle import Bundle, InsertLimits, bundled
from sinks.deadletters import DeadLetters, Rejection
from sinks.plan import Plans
from sinks.retry import AbandonedError, Retry
from sinks.store import Store
from sinks.writer import BundleWriter

log = get_logger(__name__)


class Delivery:
    """Writes blocks, one list after the other; of a list, some bundles at the same time."""

    def __init__(
        self,
        *,
        store: Store,
        registry: Registry,
        dead_letters: DeadLetters,
        retry: Retry,
        limits: InsertLimits,
    ) -> None:
        self._store = store
        self._writer = BundleWriter(
            store=store,
            plans=Plans(registry, store.feed.topic),
            retry=retry,
            reject_ratio=dead_letters.reject_ratio,
        )
        self._dead_letters = dead_letters
        self._retry = retry
        self._limits = limits

    @property
    def waiting_for(self) -> str:
        """What the delivery waits for, empty while all is well."""
        return self._retry.waiting_for

    def deliver(self, blocks: Sequence[Block]) -> list[Block]:
        """Write claimed blocks of one topic incarnation, at most one a partition; return those that are written.

        The others were cancelled. Where the process stops before all is written, none is returned: their next reader
        is to find the whole list, so that it makes the same bundles.

        Raises:
            ConfigurationError: a person must act; also where most messages are no rows, before they are dead letters.

        """
        bundles = bundled(blocks, self._limits)
        with ThreadPoolExecutor(min(self._limits.parallel, len(bundles))) as threads:
            outcomes = list(threads.map(self._finish, bundles))
        if any(bundle.wanted for bundle, done in zip(bundles, outcomes, strict=True) if not done):
            return []
        written = [block for block in blocks if not block.cancelled.is_set()]
        return written if self._keep(written) else []

    def _finish(self, bundle: Bundle) -> bool:
        try:
            self._write(bundle)
        except AbandonedError as error:
            log.warning("bundle_abandoned", partitions=bundle.partitions, reason=str(error))
            return False
        return True

    def _write(self, bundle: Bundle) -> None:
        rejections = self._writer.write(bundle)
        if not rejections:
            return
        unsent = list(rejections)
        self._retry("dead_letter", lambda: self._dead_letters.publish(unsent), wanted=lambda: bundle.wanted)
        _tell(rejections)

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


def _tell(rejections: Sequence[Rejection]) -> None:
    """Log one line a reason and partition: of a storm of bad messages, the dead letters themselves tell each."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for rejection in rejections:
        partition, offset = rejection.place
        found.setdefault((partition, rejection.step, rejection.reason), []).append(offset)
    for (partition, step, reason), offsets in found.items():
        log.warning(
            "dead_letters",
            partition=partition,
            step=step,
            reason=reason,
            messages=len(offsets),
            first_offset=offsets[0],
        )
