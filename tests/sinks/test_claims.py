import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from runtime.errors import TransientError
from sinks.block import Block, Place
from sinks.claims import Claims
from tests.sinks.events import TOPIC_ID, message

BLOCKS = [
    Block(Place(TOPIC_ID, "analyzed", partition), [message(first, b"x"), message(first + 1, b"x")], since=0.0)
    for partition, first in ((0, 5), (3, 40))
]


def refuse(_ends: list[TopicPartition]) -> None:
    raise KafkaException(KafkaError(KafkaError.ILLEGAL_GENERATION))


def test_a_claim_names_the_ends_of_all_blocks() -> None:
    made: list[TopicPartition] = []
    Claims(made.extend, lambda: TOPIC_ID).make(BLOCKS)
    assert [(place.topic, place.partition, place.offset) for place in made] == [("analyzed", 0, 7), ("analyzed", 3, 42)]


def test_a_refused_claim_is_to_be_made_again() -> None:
    with pytest.raises(TransientError, match="refuses the claim"):
        Claims(refuse, lambda: TOPIC_ID).make(BLOCKS)


def test_a_topic_that_is_gone_needs_no_claim() -> None:
    Claims(refuse, lambda: b"another topic id").make(BLOCKS)
