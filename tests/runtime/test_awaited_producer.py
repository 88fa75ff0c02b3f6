"""A producer that says what became of its messages."""

import pytest
from confluent_kafka import Consumer
from pydantic import SecretStr

from runtime.awaited_producer import AwaitedProducer, OutgoingMessage
from runtime.errors import ConfigurationError, TransientError
from runtime.settings import KafkaSettings
from tests.services.process import HOST, free_port
from tests.services.topics import TopicFactory


def test_what_was_sent_is_there(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("awaited", partitions=2)
    producer = AwaitedProducer(KafkaSettings(kafka_bootstrap_servers=kafka), client_id="netcopilot-test")
    assert producer.partitions()[topic] == 2
    producer.send(
        [
            OutgoingMessage(topic, b"key", b"one", [("name", b"value")], partition=1),
            OutgoingMessage(topic, b"key", None, partition=1),
        ]
    )
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": topic, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    messages = consumer.consume(2, 30)
    consumer.close()
    assert [(m.partition(), m.key(), m.value(), m.headers()) for m in messages] == [
        (1, b"key", b"one", [("name", b"value")]),
        (1, b"key", None, None),
    ]


def test_a_message_that_the_broker_refuses_is_told(kafka: str, topic_factory: TopicFactory) -> None:
    topic = topic_factory("awaited", partitions=1)
    producer = AwaitedProducer(KafkaSettings(kafka_bootstrap_servers=kafka), client_id="netcopilot-test", patience=5)
    with pytest.raises(TransientError, match="did not take"):
        producer.send([OutgoingMessage(topic, None, b"x"), OutgoingMessage(topic, None, b"x", partition=7)])


def test_no_broker_is_told_in_time() -> None:
    settings = KafkaSettings(kafka_bootstrap_servers=f"{HOST}:{free_port()}")
    producer = AwaitedProducer(settings, client_id="netcopilot-test", patience=1)
    with pytest.raises(TransientError, match="did not take"):
        producer.send([OutgoingMessage("topic", None, b"x")])


def test_a_wrong_login_stops_with_its_cure(kafka: str) -> None:
    settings = KafkaSettings(
        kafka_bootstrap_servers=kafka,
        kafka_security_protocol="SASL_PLAINTEXT",
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username="nobody",
        kafka_sasl_password=SecretStr("nothing"),
    )
    producer = AwaitedProducer(settings, client_id="netcopilot-test")
    with pytest.raises(ConfigurationError, match="NETCOPILOT_KAFKA_SASL_USERNAME"):
        producer.partitions()
