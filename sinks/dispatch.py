"""Runs the delivery in a thread of its own, one list of blocks at a time."""

import threading
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor, wait

from sinks.block import Block
from sinks.delivery import Delivery


class Dispatch:
    """What is on its way to ClickHouse. All methods are for the thread that made it."""

    def __init__(self, delivery: Delivery, stop: threading.Event) -> None:
        self._delivery = delivery
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="delivery")
        self._blocks: list[Block] = []
        self._result: Future[list[Block]] | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing is on its way."""
        return self._result is None

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks on their way."""
        return self._blocks

    def send(self, blocks: list[Block]) -> None:
        """Start the delivery of claimed blocks; only when free."""
        self._blocks = blocks
        self._result = self._thread.submit(self._delivery.deliver, blocks)

    def collect(self) -> list[Block]:
        """Return the written blocks of a delivery that has ended, and be free; else nothing.

        Raises:
            ConfigurationError: the delivery ended with it.

        """
        if self._result is None or not self._result.done():
            return []
        written = self._result.result()
        self._blocks, self._result = [], None
        return written

    def wait(self, timeout: float) -> None:
        """Wait until the delivery under way has ended, at most `timeout` seconds."""
        if self._result is not None:
            wait([self._result], timeout)

    def cancel(self, partitions: AbstractSet[int]) -> None:
        """Have the blocks of partitions given up that now belong to another sink."""
        for block in self._blocks:
            if block.place.partition in partitions:
                block.cancelled.set()

    def close(self) -> None:
        """End the thread; what is still retried is given up, and whoever reads next will write it."""
        self._stop.set()
        self._thread.shutdown(wait=True)
        self._stop.clear()
