"""Blocks between the buffers and ClickHouse: claimed in Kafka, then delivered by the thread beside."""

import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from runtime.errors import TransientError
from runtime.log import get_logger
from sinks import metrics
from sinks.block import Block
from sinks.claims import Claims
from sinks.dispatch import Dispatch

_PAUSE_SECONDS = 0.2

log = get_logger(__name__)


class Outbox:
    """At most one list of blocks, of which each is unclaimed or on its way. For the thread that consumes."""

    def __init__(self, claims: Claims, dispatch: Dispatch) -> None:
        self._claims = claims
        self._dispatch = dispatch
        self._unclaimed: list[Block] = []
        self._claim_at = 0.0
        self.waiting_for = ""
        """Why blocks cannot be claimed, empty while all is well."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is on its way."""
        return not self._unclaimed and self._dispatch.is_free

    @property
    def weight(self) -> int:
        """Bytes of memory that the blocks take."""
        return sum(block.weight for block in (*self._unclaimed, *self._dispatch.blocks))

    @property
    def partitions(self) -> AbstractSet[int]:
        """The partitions of the blocks on their way."""
        return {block.place.partition for block in self._dispatch.blocks}

    def collect(self) -> list[Block]:
        """Return what has been written since the last call.

        Raises:
            ConfigurationError: a person must act.

        """
        return self._dispatch.collect()

    def send(self, cut: Callable[[], list[Block]]) -> None:
        """Claim and send blocks once nothing is on its way: those that wait for their claim, else what is cut now."""
        if not self._dispatch.is_free or time.monotonic() < self._claim_at:
            return
        self._unclaimed = self._unclaimed or cut()
        if self._unclaimed and self._claim():
            self._dispatch.send(self._unclaimed)
            self._unclaimed = []

    def recall(self, partitions: AbstractSet[int]) -> None:
        """Forget the blocks of partitions that are not on their way yet."""
        self._unclaimed = [block for block in self._unclaimed if block.place.partition not in partitions]

    def drop(self, partitions: AbstractSet[int]) -> None:
        """Give up the blocks of partitions that now belong to another sink."""
        self.recall(partitions)
        self._dispatch.cancel(partitions)

    def wait(self, timeout: float) -> None:
        """Wait until what is on its way has ended, or may be claimed again; at most `timeout` seconds."""
        if self._dispatch.is_free:
            time.sleep(min(timeout, max(0.0, self._claim_at - time.monotonic())))
        self._dispatch.wait(timeout)

    def close(self) -> None:
        """End the delivery; what is still retried is given up."""
        self._dispatch.close()

    def _claim(self) -> bool:
        try:
            self._claims.make(self._unclaimed)
        except TransientError as error:
            log.warning("retrying", step="claim", reason=str(error))
            metrics.RETRIES.labels("claim").inc()
            self.waiting_for = str(error)
            self._claim_at = time.monotonic() + _PAUSE_SECONDS
            return False
        self.waiting_for = ""
        return True
