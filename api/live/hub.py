"""Fans events out to all subscriptions. Lives on the event loop; only `listening` is read from elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from api import metrics
from api.errors import ApiError, unavailable
from api.live.batch import Batch
from api.live.notice import EndReason
from api.live.portion import Portion
from api.live.position import Position
from api.live.selection import Selection
from api.live.subscription import Subscription


class Hub:
    """Knows who listens, and how far the reader has come."""

    def __init__(self, *, capacity: int, subscribers: int) -> None:
        self._capacity = capacity
        self._most = subscribers
        self._subscriptions: dict[Selection, set[Subscription]] = {}
        """By what they want, so that what is the same for all is done once for all."""
        self._open = 0
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
        if self._open >= self._most:
            raise ApiError(503, "too_many_streams", "too many live streams are open; try again later")
        subscription = Subscription(capacity=self._capacity)
        if self._attached and self._position is not None:
            subscription.begin(self._position)
        self._add(selection, subscription)
        metrics.LIVE_SUBSCRIBERS.labels(transport).inc()
        try:
            yield subscription
        finally:
            self._remove(selection, subscription)
            metrics.LIVE_SUBSCRIBERS.labels(transport).dec()

    def publish(self, batch: Batch) -> None:
        """Hand a batch to everyone; it is decoded only where someone listens, and joined once for each selection."""
        for selection, subscriptions in self._subscriptions.items():
            portion = Portion([event for event in batch.events() if selection.admits(event)])
            if portion.frames:
                for subscription in subscriptions:
                    subscription.offer(portion)
        self._position = batch.end

    def attach(self, position: Position) -> None:
        """Note where the reader begins, or begins anew."""
        self._position = position
        self._attached = True
        for subscription in self._all():
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
        for subscription in self._all():
            subscription.end(EndReason.SHUTDOWN)

    def _all(self) -> Iterator[Subscription]:
        return chain.from_iterable(self._subscriptions.values())

    def _add(self, selection: Selection, subscription: Subscription) -> None:
        self._subscriptions.setdefault(selection, set()).add(subscription)
        self._open += 1

    def _remove(self, selection: Selection, subscription: Subscription) -> None:
        alike = self._subscriptions[selection]
        alike.remove(subscription)
        if not alike:
            del self._subscriptions[selection]
        self._open -= 1
