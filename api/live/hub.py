"""Fans events out to all subscriptions. Lives on the event loop; only `listening` is read from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from api import metrics
from api.errors import ApiError, unavailable
from api.live.batch import Batch
from api.live.notice import EndReason
from api.live.position import Position
from api.live.selection import Selection
from api.live.subscription import Subscription


class Hub:
    """Knows who listens, and how far the reader has come."""

    def __init__(self, *, capacity: int, subscribers: int) -> None:
        self._capacity = capacity
        self._most = subscribers
        self._subscriptions: set[Subscription] = set()
        self._ended = False
        self._position: Position | None = None
        self._attached = False

    @property
    def listening(self) -> bool:
        """Whether anyone listens."""
        return bool(self._subscriptions)

    @contextmanager
    def subscribe(self, selection: Selection, *, transport: str) -> Iterator[Subscription]:
        """Give the block a subscription to everything published from now on.

        Raises:
            ApiError: 503, the process drains, or has as many live streams as it may.

        """
        if self._ended:
            raise unavailable("the API is stopping; try again")
        if len(self._subscriptions) >= self._most:
            raise ApiError(503, "too_many_streams", "too many live streams are open; try again later")
        subscription = Subscription(selection, capacity=self._capacity)
        if self._attached and self._position is not None:
            subscription.begin(self._position)
        self._subscriptions.add(subscription)
        metrics.LIVE_SUBSCRIBERS.labels(transport).inc()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            metrics.LIVE_SUBSCRIBERS.labels(transport).dec()

    def publish(self, batch: Batch) -> None:
        """Hand a batch to everyone; it is decoded only where someone listens."""
        if self._subscriptions:
            for event in batch.events():
                for subscription in self._subscriptions:
                    subscription.offer(event)
        self._position = batch.end

    def attach(self, position: Position) -> None:
        """Note where the reader begins, or begins anew."""
        self._position = position
        self._attached = True
        for subscription in self._subscriptions:
            subscription.begin(position)

    def detach(self) -> None:
        """Note that the broker does not answer."""
        self._attached = False

    @property
    def position(self) -> Position | None:
        """The position that the next published event follows."""
        return self._position

    def end(self) -> None:
        """Take no new subscriptions and end all there are."""
        self._ended = True
        for subscription in self._subscriptions:
            subscription.end(EndReason.SHUTDOWN)
