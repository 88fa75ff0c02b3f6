import uuid

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient

from cli.main import main
from cli.stack.librdkafka import admin_client
from cli.topics import create_topics
from runtime.errors import TransientError
from schemas.topics import TOPICS
from tests.services.process import HOST, free_port


def test_every_topic_of_the_contract_is_created_once(kafka: str) -> None:
    admin = AdminClient({"bootstrap.servers": kafka})
    prefix = f"{uuid.uuid4().hex}."
    assert set(create_topics(admin, prefix=prefix)) == {topic.named(prefix) for topic in TOPICS}
    assert create_topics(admin, prefix=prefix) == []
    there = admin.list_topics(timeout=10).topics
    for topic in TOPICS:
        assert len(there[topic.named(prefix)].partitions) == topic.partitions


def test_the_command_says_what_it_made(kafka: str) -> None:
    arguments = ["topics", "create", "--kafka-bootstrap-servers", kafka, "--kafka-topic-prefix", f"{uuid.uuid4().hex}."]
    first, second = CliRunner().invoke(main, arguments), CliRunner().invoke(main, arguments)
    assert [first.exit_code, second.exit_code] == [0, 0], first.output + second.output
    assert "commands.executed" in first.output
    assert second.output == "every topic exists\n"


def test_a_broker_that_is_gone_is_a_passing_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.topics._PATIENCE", 0.5)
    with pytest.raises(TransientError, match="did not create topic"):
        create_topics(admin_client(f"{HOST}:{free_port()}"))
