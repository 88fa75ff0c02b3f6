"""What a broker's answer to a message means for the event."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from confluent_kafka import KafkaError

from runtime import kafka_fault

_OF_THE_MESSAGE = frozenset(
    {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_RECORD, KafkaError.RECORD_LIST_TOO_LARGE}
)
_NO_TOPIC = "create the topic, or set NETCOPILOT_KAFKA_TOPIC_PREFIX to where it is"
_PURGED = frozenset({KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT})  # noqa: SLF001 - the codes' public names
_CURES = {
    **kafka_fault.CURES,
    KafkaError.UNKNOWN_TOPIC_OR_PART: _NO_TOPIC,
    KafkaError._UNKNOWN_TOPIC: _NO_TOPIC,  # noqa: SLF001 - the code's public name
    KafkaError.INVALID_TIMESTAMP: "set this device's clock right, or the topic to message.timestamp.type=LogAppendTime",
}


class Answer(Enum):
    """What becomes of a message."""

    TAKEN = "taken"
    """All replicas have it."""
    NOT_NOW = "not now"
    """Nobody knows whether the broker has it; it may take it later."""
    NOT_SO = "not so"
    """The broker refuses it or one that travelled with it; alone, it may pass."""
    NEVER = "never"
    """It cannot be sent, however often that is tried."""


@dataclass(frozen=True, slots=True)
class Report:
    """An answer, and why; there is no reason where it is TAKEN, or where this process took the message back."""

    answer: Answer
    reason: str = ""


Reported = Callable[[Report], None]
"""Takes the report of a message; each message gets one."""


def of_delivery(error: KafkaError | None) -> Report:
    """Return what a delivery report means; the broker judges a whole batch of messages at once."""
    if error is None:
        return Report(Answer.TAKEN)
    if error.code() in _PURGED:
        return Report(Answer.NOT_NOW)
    return Report(Answer.NOT_SO if error.code() in _OF_THE_MESSAGE else Answer.NOT_NOW, explain(error))


def of_handover(error: KafkaError) -> Report:
    """Return what it means that the client library did not accept a message, which it judges by itself."""
    return Report(Answer.NEVER if error.code() in _OF_THE_MESSAGE else Answer.NOT_NOW, explain(error))


def needs_a_person(error: KafkaError) -> bool:
    """Return whether no message passes before somebody changes something."""
    return error.code() in _CURES


def explain(error: KafkaError) -> str:
    """Return the error's text, with the cure where one is known."""
    cure = _CURES.get(error.code())
    return f"{error.str()}: {cure}" if cure else error.str()
