"""Reading stretches of a topic without being anyone's consumer: no group is joined, no offset is kept."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeVar

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

from runtime.errors import ConfigurationError, TransientError
from runtime.kafka import consumer_config
from runtime.kafka_fault import END_OF_PARTITION, FaultWatch, refuse_configuration_fault
from runtime.settings import KafkaSettings

_FETCH_MESSAGES: Final = 2_000
_FETCH_SECONDS: Final = 0.2
_QUEUE_KBYTES: Final = 32_768
_PATIENCE: Final = 30.0
_ANSWER_SECONDS: Final = 10.0

Answer = TypeVar("Answer")


class Limits(NamedTuple):
    """Of what a partition holds: the first offset, and the one behind the last as far as the broker tells."""

    first: int
    end: int


class TopicReader:
    """Reads a topic as it stands, as a context manager; `group` is whose offsets it can be asked for.

    Where a partition ends is what its fetches tell: the embedded broker's answer to the plain question lies a batch
    before. A partition that grows meanwhile is read to where it then ends. All methods raise ConfigurationError where
    there is no such topic or the broker lets nobody in, and TransientError where the broker does not answer.
    """

    def __init__(self, settings: KafkaSettings, topic: str, *, client_id: str, group: str = "") -> None:
        self._servers = settings.kafka_bootstrap_servers
        self._topic = topic
        self._faults = FaultWatch()
        self._consumer = Consumer(
            consumer_config(settings, client_id=client_id)
            | {
                "group.id": group or client_id,  # asked for by librdkafka, never joined
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "queued.max.messages.kbytes": _QUEUE_KBYTES,
                "error_cb": self._faults.note,
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def partitions(self) -> list[int]:
        """Return the topic's partitions."""
        found = self._ask(lambda: self._consumer.list_topics(self._topic, timeout=_ANSWER_SECONDS)).topics[self._topic]
        if found.error is not None:
            refuse_configuration_fault(found.error)
            raise ConfigurationError(f"no topic {self._topic}; create the topics with `netcopilot topics create`")
        return sorted(found.partitions)

    def limits(self, partition: int) -> Limits:
        """Return what a partition holds."""
        place = TopicPartition(self._topic, partition)
        limits = self._ask(lambda: self._consumer.get_watermark_offsets(place, timeout=_ANSWER_SECONDS))
        if limits is None:
            raise TransientError(self._silence)
        return Limits(*limits)

    def committed(self) -> dict[int, int]:
        """Return the offsets that the group committed, by partition; those without one are left out."""
        places = [TopicPartition(self._topic, number) for number in self.partitions()]
        answers = self._ask(lambda: self._consumer.committed(places, timeout=_ANSWER_SECONDS))
        return {answer.partition: answer.offset for answer in answers if answer.offset >= 0}

    def offsets_since(self, moment: datetime) -> dict[int, int]:
        """Return for each partition an offset before which every message is older than the moment.

        The embedded broker knows no better one than 0, so that readers still look at each message's time.
        """
        milliseconds = int(moment.timestamp() * 1000)
        places = [TopicPartition(self._topic, number, max(milliseconds, 0)) for number in self.partitions()]
        answers = self._ask(lambda: self._consumer.offsets_for_times(places, timeout=_ANSWER_SECONDS))
        for answer in answers:
            if answer.error is not None:
                refuse_configuration_fault(answer.error)
                raise TransientError(f"the broker does not tell offsets of {self._topic}: {answer.error.str()}")
        return {
            answer.partition: answer.offset if answer.offset >= 0 else self.limits(answer.partition).end
            for answer in answers
        }

    def read(self, firsts: Mapping[int, int], ends: Mapping[int, int] | None = None) -> Iterator[list[Message]]:
        """Yield messages in batches, each partition's in order, from its first offset on.

        Ends up to and without a partition's offset in `ends`, where there is one, and at the latest where the
        partition ends. What the broker no longer holds is passed over in silence: `limits` tells.
        """
        ends = ends or {}
        open_ones = {number for number, first in firsts.items() if number not in ends or first < ends[number]}
        places = [self._start(number, firsts[number]) for number in sorted(open_ones)]
        self._consumer.assign(places)
        self._consumer.resume(places)  # what an earlier read has paused stays so
        heard = time.monotonic()
        while open_ones:
            messages = self._consumer.consume(_FETCH_MESSAGES, _FETCH_SECONDS)
            self._faults.refuse()
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > _PATIENCE:
                raise TransientError(self._silence)
            ended = {m.partition() or 0 for m in messages if _is_end(m) or _is_behind(m, ends)} & open_ones
            yield [m for m in messages if m.partition() in open_ones and _is_within(m, firsts, ends)]
            open_ones -= ended
            self._consumer.pause([TopicPartition(self._topic, number) for number in ended])

    def _start(self, partition: int, first: int) -> TopicPartition:
        """Return where to fetch from: behind the end the embedded broker would say nothing, and others start over."""
        start = min(first, self.limits(partition).end) if first else OFFSET_BEGINNING
        return TopicPartition(self._topic, partition, start)

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except KafkaException as error:
            refuse_configuration_fault(error.args[0])
            self._consumer.poll(0)  # hears why nobody answered: wrong credentials look like silence
            self._faults.refuse()
            raise TransientError(self._silence) from error

    @property
    def _silence(self) -> str:
        return f"no broker answers at {self._servers}; start it, or set NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS"


def _is_end(message: Message) -> bool:
    """Tell whether a message is the notice that its partition ends.

    Raises:
        ConfigurationError: it is the notice of a fault that a person must mend.
        TransientError: it is the notice of another.

    """
    error = message.error()
    if error is None:
        return False
    if error.code() == END_OF_PARTITION:
        return True
    refuse_configuration_fault(error)
    raise TransientError(f"the broker does not hand over {message.topic()}: {error.str()}")


def _is_behind(message: Message, ends: Mapping[int, int]) -> bool:
    """Tell whether nothing that is wanted follows a message."""
    end = ends.get(message.partition() or 0)
    return end is not None and (message.offset() or 0) + 1 >= end


def _is_within(message: Message, firsts: Mapping[int, int], ends: Mapping[int, int]) -> bool:
    if message.error() is not None:
        return False
    partition, offset = message.partition() or 0, message.offset() or 0
    return firsts[partition] <= offset and (partition not in ends or offset < ends[partition])
