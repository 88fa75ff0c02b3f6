"""What is sent: good events and poison among them, each message marked so that it is known again."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from confluent_kafka import Producer

from benchmarks.poison.kinds import ANALYZED, EXECUTED, KINDS, good
from schemas.topics import ANALYZED as ANALYZED_TOPIC
from schemas.topics import EXECUTED as EXECUTED_TOPIC
from schemas.topics import Topic

MARK = "poison.mark"
"""Header that names a message; whatever happens to it, headers stay."""
KEY = b"default/device"
_ROUTES = ((EXECUTED_TOPIC, EXECUTED), (ANALYZED_TOPIC, ANALYZED))
"""Through the worker and the sink, and through the sink alone: what only some of both take is among good events."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A poisoned message."""

    mark: str
    kind: str
    topic: Topic
    value: bytes | None
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How many messages of which sort."""

    good: int
    poison: int
    large: int = 20
    """Messages of each kind that is large; the others share the rest evenly."""

    def poisoned(self) -> Iterator[Sent]:
        """Yield the poison; every other message goes past the worker."""
        small = [kind for kind in KINDS if not kind.is_large]
        rest = self.poison - self.large * (len(KINDS) - len(small))
        kinds = [small[number % len(small)] for number in range(rest)]
        kinds += [kind for kind in KINDS if kind.is_large for _ in range(self.large)]
        for number, kind in enumerate(kinds, self.good):
            topic, schema = _ROUTES[number // len(small) % 2]
            yield Sent(f"{kind.name}/{number}", kind.name, topic, kind.make(schema, number), kind.is_bad)


class Sender:
    """Puts messages on the topics of a prefix, in turn on each partition."""

    def __init__(self, bootstrap_servers: str, prefix: str, partitions: int) -> None:
        self._producer = Producer(
            {"bootstrap.servers": bootstrap_servers, "linger.ms": 20, "message.max.bytes": 1_000_000_000}
        )
        self._prefix = prefix
        self._partitions = partitions
        self._sent = 0

    def send(self, load: Load, poisoned: Sequence[Sent]) -> None:
        """Send good events, the poison evenly among them; return when the broker has all."""
        chance = random.Random(load.poison)
        places = sorted(chance.randrange(load.good) for _ in poisoned)
        waiting = list(zip(places, chance.sample(poisoned, len(poisoned)), strict=True))[::-1]
        for number in range(load.good):
            while waiting and waiting[-1][0] <= number:
                sent = waiting.pop()[1]
                self._produce(sent.topic, sent.value, sent.mark)
            topic, schema = _ROUTES[number % 2]
            self._produce(topic, good(schema, number), f"good/{number}")
        for _, sent in waiting:
            self._produce(sent.topic, sent.value, sent.mark)
        if self._producer.flush(120):
            raise RuntimeError("the broker did not take all messages")

    def _produce(self, topic: Topic, value: bytes | None, mark: str) -> None:
        self._sent += 1
        while True:
            try:
                self._producer.produce(
                    topic.named(self._prefix),
                    value,
                    KEY,
                    partition=self._sent % self._partitions,
                    headers=[(MARK, mark.encode()), ("ce_id", b"1")],
                )
            except BufferError:
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return
