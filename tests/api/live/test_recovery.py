"""The reader over the broker's and the topic's ends."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.tansu import tansu_spec
from tests.api.events import record
from tests.api.listening import listening
from tests.api.live.stage import staged
from tests.api.serving import wait_until
from tests.services.kafka import EMBEDDED, choose_kafka
from tests.services.process import HOST, free_port, running
from tests.services.topics import TopicFactory


def create(bootstrap_servers: str, topic: str, *, partitions: int) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1)])[topic].result(20)


@pytest.mark.skipif(
    choose_kafka().name == EMBEDDED,
    reason="librdkafka 2.16 crashes on the embedded broker's answer to a fetch from a deleted topic",
)
def test_a_topic_made_again_is_followed_from_its_beginning(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("analyzed", partitions=2)
    with staged(kafka, topic) as stage, listening(stage.live) as listener:
        listener.wait_for("hello")
        stage.publish(*(record(device_id=f"d{n}") for n in range(10)))
        listener.wait_for_commands(10)
        admin = AdminClient({"bootstrap.servers": kafka})
        admin.delete_topics([topic])[topic].result(20)
        wait_until(lambda: topic not in admin.list_topics(timeout=10).topics)
        create(kafka, topic, partitions=3)
        anew = stage.publish(*(record(device_id=f"d{n}") for n in range(5)))
        listener.wait_for_commands(15)
        assert sorted(listener.commands[10:]) == sorted(anew)


def test_a_topic_made_late_is_followed(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("analyzed")
    admin = AdminClient({"bootstrap.servers": kafka})
    admin.delete_topics([topic])[topic].result(20)
    wait_until(lambda: topic not in admin.list_topics(timeout=10).topics)
    with staged(kafka, topic, attached=False) as stage, listening(stage.live) as listener:
        listener.wait_for("hello")
        create(kafka, topic, partitions=1)
        stage.wait_until_attached()
        published = stage.publish(record())
        listener.wait_for_commands(1)
        assert listener.commands == published


def test_the_in_memory_brokers_restart_is_survived(tmp_path: Path) -> None:
    port = free_port()
    broker, topic = f"{HOST}:{port}", "analyzed"
    with ExitStack() as stack:
        with running(tansu_spec(host=HOST, port=port), tmp_path):
            create(broker, topic, partitions=2)
            stage = stack.enter_context(staged(broker, topic))
            listener = stack.enter_context(listening(stage.live))
            listener.wait_for("hello")
            before = stage.publish(*(record(device_id=f"d{n}") for n in range(10)))
            listener.wait_for_commands(10)
        wait_until(lambda: not stage.attached())
        with running(tansu_spec(host=HOST, port=port), tmp_path):
            create(broker, topic, partitions=2)
            after = stage.publish(*(record(device_id=f"d{n}") for n in range(30)))
            listener.wait_for_commands(40)
            assert sorted(listener.commands) == sorted(before + after)
            stack.close()
