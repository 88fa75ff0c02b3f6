"""A dead-letter topic of a test's own, and the command that looks at it."""

from dataclasses import dataclass

from click.testing import CliRunner, Result
from confluent_kafka import Message, Producer

from cli.main import main
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD, Topic
from tests.services.reading import read_topic


@dataclass(frozen=True)
class Graveyard:
    kafka: str
    prefix: str

    def bury(
        self,
        *values: bytes | None,
        came_from: Topic,
        key: bytes = b"acme/r1",
        reason: str = "magic byte is 9",
        stage: str = "worker",
        partition: int = 0,
        first: int = 0,
        headers: tuple[tuple[str, bytes], ...] = (("ce_id", b"1"),),
    ) -> None:
        """Put letters into one partition; they tell of consecutive messages of partition 1."""
        producer = Producer({"bootstrap.servers": self.kafka})
        for number, value in enumerate(values, first):
            letter = DeadLetter(reason, stage, came_from.named(self.prefix), 1, number)
            producer.produce(self.dead, value, key, partition, headers=letter.headers(headers))
        assert producer.flush(30) == 0

    def dlq(self, *arguments: str) -> Result:
        own = ["--kafka-bootstrap-servers", self.kafka, "--kafka-topic-prefix", self.prefix]
        return CliRunner().invoke(main, ["dlq", *arguments, *own])

    def read(self, topic: Topic) -> list[Message]:
        return read_topic(self.kafka, topic.named(self.prefix))

    @property
    def dead(self) -> str:
        return DEAD.named(self.prefix)
