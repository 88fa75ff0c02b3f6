"""Knowing when the broker has what was handed over."""

import asyncio
from typing import Final

from confluent_kafka import KafkaError, Message

from runtime.errors import ConfigurationError
from runtime.kafka_fault import CURES, refuse_configuration_fault

TOO_LARGE: Final = KafkaError.MSG_SIZE_TOO_LARGE
_CURES = {
    **CURES,
    TOO_LARGE: "raise max.message.bytes of commands.dead and commands.analyzed to that of commands.executed, and more",
}


class DeliveryError(Exception):
    """The broker refused a message for good: the worker ends, and the batch is read again."""


class Receipt:
    """Counts the deliveries of a batch's part; librdkafka's thread calls, the event loop waits.

    `delivered` is done when the receipt is sealed and the broker has all that was expected; it raises DeliveryError
    or ConfigurationError if one outcome cannot be delivered.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.delivered: asyncio.Future[None] = self.loop.create_future()
        self._expected = 0  # written by the event loop only
        self._arrived = 0  # written by librdkafka's thread only, as is the error
        self._error: KafkaError | None = None
        self._sealed = False

    def expect(self) -> None:
        """Count one more outcome."""
        self._expected += 1

    def seal(self) -> None:
        """Tell that all outcomes were handed over."""
        self._sealed = True
        self._settle()

    def fail(self, error: BaseException) -> None:
        """Tell that an outcome cannot be delivered."""
        if not self.delivered.done():
            self.delivered.set_exception(error)

    def on_delivery(self, error: KafkaError | None, _message: Message) -> None:
        """Take one delivery report; called in librdkafka's thread."""
        if error is not None:
            self._error = self._error or error
        self._arrived += 1
        if self._error is not None or (self._sealed and self._arrived == self._expected):
            self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if self._error is not None:
            self.fail(failure_of(self._error))
        elif self._sealed and self._arrived == self._expected and not self.delivered.done():
            self.delivered.set_result(None)


def failure_of(error: KafkaError) -> Exception:
    """Return what an outcome that cannot be delivered means for the worker."""
    try:
        refuse_configuration_fault(error, _CURES)
    except ConfigurationError as fault:
        return fault
    return DeliveryError(error.str())
