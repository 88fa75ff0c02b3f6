"""The dead-letter topic on a real broker: nothing is sent twice, and what only a person can mend is said."""

from typing import cast

import pytest
from confluent_kafka import Producer

from runtime.errors import ConfigurationError, TransientError
from runtime.reject_ratio import RejectRatio
from runtime.settings import RejectSettings
from schemas.dead_letter import DeadLetter
from sinks.deadletters import DeadLetters, Rejection
from tests.services.kafka import choose_kafka
from tests.services.process import HOST, free_port
from tests.services.reading import read_topic
from tests.services.topics import TopicFactory
from tests.sinks.events import message

keeps_limits = pytest.mark.skipif(
    choose_kafka().name.startswith("embedded"), reason="the embedded broker takes messages of any size, to any topic"
)


def letters_to(kafka: str, topic: str) -> DeadLetters:
    producer = Producer(
        {
            "bootstrap.servers": kafka,
            "message.timeout.ms": 3_000,
            "topic.metadata.propagation.max.ms": 1_000,
            "enable.idempotence": True,
            "batch.num.messages": 1,  # a broker refuses batches, not messages
        }
    )
    return DeadLetters(producer, topic, reject_ratio=RejectRatio(RejectSettings()), timeout=10)


def rejections(*values: bytes | None) -> list[Rejection]:
    return [Rejection(message(offset, value), "frame", "no event") for offset, value in enumerate(values)]


def test_originals_are_untouched_and_leave_the_list(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("dead")
    unsent = rejections(b"\x00\xff", None, b"")
    letters_to(kafka, topic).publish(unsent)
    found = read_topic(kafka, topic)
    assert unsent == []
    assert [letter.value() for letter in found] == [b"\x00\xff", None, b""]
    assert {letter.key() for letter in found} == {b"acme/key"}
    for letter in found:
        headers = cast("list[tuple[str, bytes]]", letter.headers())
        assert headers[0] == ("ce_id", b"1")
        assert DeadLetter.read(headers) == DeadLetter("no event", "sink", "analyzed", 0, found.index(letter))


def test_a_broker_that_is_away_is_waited_for() -> None:
    unsent = rejections(b"one", b"two")
    with pytest.raises(TransientError):
        letters_to(f"{HOST}:{free_port()}", "dead").publish(unsent)
    assert len(unsent) == 2


@keeps_limits
def test_only_what_was_not_taken_is_sent_again(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("dead", config={"max.message.bytes": "2000"})
    unsent = rejections(b"small", b"x" * 5_000, b"small too")
    letters = letters_to(kafka, topic)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"MSG_SIZE_TOO_LARGE.*max\.message\.bytes"):
            letters.publish(unsent)
    assert [rejection.message.offset() for rejection in unsent] == [1]
    assert [letter.value() for letter in read_topic(kafka, topic)] == [b"small", b"small too"]


@keeps_limits
def test_a_topic_that_is_missing_is_for_the_operator(kafka: str) -> None:
    with pytest.raises(ConfigurationError, match="create the topic nowhere"):
        letters_to(kafka, "nowhere").publish(rejections(b"one"))
