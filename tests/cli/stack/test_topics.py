import pytest
from confluent_kafka.admin import AdminClient

from cli.stack.topics import create_topics
from runtime.errors import TransientError
from schemas.topics import TOPICS
from tests.services.process import HOST, free_port


def test_every_topic_of_the_contract_is_created_once(kafka: str) -> None:
    create_topics(kafka)
    create_topics(kafka)
    there = AdminClient({"bootstrap.servers": kafka}).list_topics(timeout=10).topics
    for topic in TOPICS:
        assert len(there[topic.name].partitions) == topic.partitions


def test_a_broker_that_is_gone_is_a_passing_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stack.topics._PATIENCE", 0.5)
    with pytest.raises(TransientError, match="did not create topic"):
        create_topics(f"{HOST}:{free_port()}")
