import pytest

from schemas.topics import ANALYZED, DEAD, EXECUTED
from tests.services.topics import TopicFactory
from tests.sinks.dlq.graveyard import Graveyard


@pytest.fixture
def graveyard(kafka: str, topic_factory: TopicFactory) -> Graveyard:
    return Graveyard(kafka, topic_factory.prefixed(EXECUTED, ANALYZED, DEAD, partitions=2))
