"""The topic's identity while a broker is away, or has no such topic."""

from functools import partial

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from runtime.errors import ConfigurationError, TransientError
from runtime.topic_identity import TopicIdentity
from tests.services.cluster import KafkaCluster
from tests.services.waiting import until

CLIENTS = 8
"""Each holds some broker for the controller: that none holds the killed one is unlikely."""


def tells(identity: TopicIdentity, topic_id: bytes) -> bool:
    try:
        return identity.current() == topic_id
    except TransientError:
        return False


@pytest.mark.timeout(400)
def test_the_identity_is_told_though_the_broker_that_was_asked_is_gone(three_brokers: KafkaCluster) -> None:
    admin = three_brokers.admin()
    admin.create_topics([NewTopic("known", 1, 3)])["known"].result(30)
    clients = [three_brokers.admin() for _ in range(CLIENTS)]
    identities = [TopicIdentity(client, "known") for client in clients]
    until(lambda: len({identity.current() for identity in identities}) == 1)
    topic_id = identities[0].current()

    three_brokers.nodes[1].kill()
    for identity in identities:
        until(partial(tells, identity, topic_id), within=60)


@pytest.mark.usefixtures("only_apache_kafka")
def test_a_topic_may_come_late_but_not_for_ever(kafka: str) -> None:
    moments = iter([0.0, 59.0, 60.0])
    admin = AdminClient({"bootstrap.servers": kafka})
    identity = TopicIdentity(admin, "nowhere", patience=60, timeout=10, clock=lambda: next(moments))
    for _ in range(2):
        with pytest.raises(TransientError):
            identity.current()
    with pytest.raises(ConfigurationError, match=r"netcopilot topics.*NETCOPILOT_KAFKA_TOPIC_PREFIX"):
        identity.current()
