"""Faust's monitor, counting records where Faust counts messages."""

from typing import Any, cast
from weakref import WeakKeyDictionary

from faust.sensors import Monitor
from faust.types import TP, AppT, EventT, Message, StreamT

from streams.driver.batch import RecordBatch


class RecordMonitor(Monitor):
    """A message of this driver is a batch: its records are what was received, is active, and was processed.

    Faust never tells that an event left a stream whose events are acknowledged later, nor that a rebalance took it
    away; here both end its activity.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._active: WeakKeyDictionary[RecordBatch, dict[str, Any] | None] = WeakKeyDictionary()

    def on_message_in(self, tp: TP, offset: int, message: Message) -> None:
        """Count the records of a batch that is handed to the stream."""
        super().on_message_in(tp, offset, message)
        more = _records(message.value) - 1
        self.messages_received_total += more
        self.messages_received_by_topic[tp.topic] += more

    def on_stream_event_in(
        self, tp: TP, offset: int, stream: StreamT[Any], event: EventT[Any]
    ) -> dict[str, Any] | None:
        """Note when a batch entered the stream."""
        state = super().on_stream_event_in(tp, offset, stream, event)
        more = _records(event.value) - 1
        self.events_total += more
        self.events_by_stream[str(stream)] += more
        self.events_by_task[str(stream.task_owner)] += more
        if isinstance(event.value, RecordBatch):
            self._active[event.value] = state
        self._count_active()
        return state

    def on_stream_event_out(
        self, tp: TP, offset: int, stream: StreamT[Any], event: EventT[Any], state: dict[str, Any] | None = None
    ) -> None:
        """Note how long a batch took to be acknowledged."""
        entered = self._active.pop(cast("RecordBatch", event.value), state)
        super().on_stream_event_out(tp, offset, stream, event, entered)
        self._count_active()

    def on_message_out(self, tp: TP, offset: int, message: Message) -> None:
        """Note that a batch may be committed."""
        super().on_message_out(tp, offset, message)
        self._count_active()

    def on_rebalance_end(self, app: AppT, state: dict[str, Any]) -> None:
        """Count no longer as active what the rebalance took away."""
        super().on_rebalance_end(app, state)
        for batch in tuple(self._active):
            if batch.withdrawn:
                del self._active[batch]
        self._count_active()

    def _count_active(self) -> None:
        self.messages_active = self.events_active = sum(len(batch.records) for batch in self._active)


def _records(value: Any) -> int:
    return len(value.records) if isinstance(value, RecordBatch) else 1
