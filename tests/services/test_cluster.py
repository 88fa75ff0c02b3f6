"""Three brokers that lose one and get it back."""

from confluent_kafka.cimpl import NewTopic

from tests.services.cluster import KafkaCluster
from tests.services.waiting import until


def test_another_node_leads_while_one_is_gone(three_brokers: KafkaCluster) -> None:
    admin = three_brokers.admin()
    for made in admin.create_topics([NewTopic("led", 1)]).values():
        made.result(30)
    first = three_brokers.leader("led")
    assert first is not None

    three_brokers.nodes[first].kill()
    until(lambda: three_brokers.leader("led") not in {None, first}, within=60)
    assert not three_brokers.is_whole()

    three_brokers.nodes[first].start()
    three_brokers.wait_until_whole()
