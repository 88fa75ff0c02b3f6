"""History as commands.executed still holds it."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from confluent_kafka import Message

from runtime.errors import ConfigurationError
from runtime.topic_reader import TopicReader
from streams.replay.bound import Bound, written
from streams.replay.scope import Scope
from streams.replay.source import Past, Stretch

_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""How much earlier than its event's creation a message may be stamped: agents' and brokers' clocks are not one."""


class KafkaSource:
    """Reads partitions side by side, without a group.

    A position is the next offset of each partition, and the topic's identity: offsets of another life mean nothing.
    """

    def __init__(self, reader: TopicReader, topic: str, identity: bytes, scope: Scope, *, together: int) -> None:
        """`together` is how many events a stretch holds at most."""
        self._reader = reader
        self._identity = identity.hex()
        self._together = together
        self._topic = topic
        self._scope = scope
        self._ends = scope.end.offsets if scope.end is not None else {}

    def begin(self) -> str:
        """Return the offsets of the scope's begin.

        Raises:
            ConfigurationError: what is asked for has expired, or there is no such partition.

        """
        begin = self._scope.begin
        partitions = self._reader.partitions()
        self._check_partitions(partitions)
        offsets = begin.offsets if begin.moment is None else self._since(begin.moment)
        self._check_retention(offsets, begin.moment)
        return self._position(offsets)

    def remaining(self, position: str) -> int:
        """Return how many messages there are from a position on."""
        offsets = self._offsets(position)
        return sum(max(0, self._end(number) - offset) for number, offset in offsets.items())

    def stretches(self, position: str) -> Iterator[Stretch]:
        """Yield what follows a position.

        Raises:
            ConfigurationError: what follows has expired since, or the topic is another one.

        """
        offsets = self._offsets(position)
        self._check_retention(offsets, None)
        for messages in self._reader.read(offsets, self._ends):
            now = time.time_ns() // 1_000_000
            for number, found in _by_partition(messages).items():
                for begin in range(0, len(found), self._together):
                    part = found[begin : begin + self._together]
                    offsets[number] = (part[-1].offset() or 0) + 1
                    events = [_past(message, self._topic, now) for message in part]
                    yield Stretch(events, self._position(offsets), len(events))

    def _position(self, offsets: dict[int, int]) -> str:
        return f"{self._identity} {written(offsets)}"

    def _offsets(self, position: str) -> dict[int, int]:
        identity, _, offsets = position.partition(" ")
        if identity != self._identity:
            raise ConfigurationError(
                f"{self._topic} was made anew since, or its broker lost it: what was not done is there no more; "
                "begin anew with --restart"
            )
        return dict(Bound.parse(offsets, now=datetime.now(UTC)).offsets)

    def _end(self, partition: int) -> int:
        return self._ends.get(partition, self._reader.limits(partition).end)

    def _since(self, moment: datetime) -> dict[int, int]:
        return self._reader.offsets_since(moment - _CLOCKS_DIFFER)

    def _check_partitions(self, partitions: Sequence[int]) -> None:
        named = {*self._scope.begin.offsets, *self._ends}
        if unknown := named - set(partitions):
            raise ConfigurationError(f"{self._topic} has {len(partitions)} partitions; there is no {min(unknown)}")

    def _check_retention(self, offsets: dict[int, int], moment: datetime | None) -> None:
        for number, offset in offsets.items():
            first = self._reader.limits(number).first
            if first and offset <= first and (offset < first or self._is_too_late(number, first, moment)):
                raise ConfigurationError(
                    f"{self._topic} keeps no older messages than {written({number: first})} "
                    f"({self._time_of(number, first):%Y-%m-%dT%H:%M:%SZ}): begin there, "
                    "or read the history that ClickHouse has with --source clickhouse"
                )

    def _is_too_late(self, partition: int, first: int, moment: datetime | None) -> bool:
        return moment is not None and self._time_of(partition, first) > moment

    def _time_of(self, partition: int, offset: int) -> datetime:
        """Return the time of the first message from an offset on; now, where there is none."""
        for messages in self._reader.read({partition: offset}, {partition: offset + 1}):
            for message in messages:
                return datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)
        return datetime.now(UTC)


def _by_partition(messages: Sequence[Message]) -> dict[int, list[Message]]:
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.partition() or 0].append(message)
    return found


def _past(message: Message, topic: str, now: int) -> Past:
    key, value = message.key(), message.value()
    partition, offset = message.partition() or 0, message.offset() or 0
    return Past(
        place=f"{topic} {partition}:{offset}",
        partition=partition,
        offset=offset,
        timestamp=now,
        key=key.encode() if isinstance(key, str) else key,
        value=value.encode() if isinstance(value, str) else value,
        headers=cast("list[tuple[str, bytes]]", message.headers() or []),
    )
