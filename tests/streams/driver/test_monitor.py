"""Faust's own numbers, against the broker's."""

from faust.types import TP

from tests.services.topics import TopicFactory
from tests.streams.driver.apps import Collector, committed, make_app, numbers, produce, until


async def test_fausts_monitor_counts_records_and_knows_the_brokers_offsets(
    kafka: str, topic_factory: TopicFactory
) -> None:
    topic = topic_factory("driver")
    collector = Collector()
    app = make_app(kafka, topic, topic, collector)
    await app.start()
    try:
        for start in range(0, 3000, 1000):
            produce(kafka, topic, numbers(1000, start))
        monitor, tp = app.monitor, TP(topic, 0)
        await until(lambda: monitor.tp_committed_offsets.get(tp) == committed(kafka, topic, topic) == 3000)
        assert monitor.messages_received_total == monitor.events_total == 3000
        assert monitor.messages_received_by_topic == {topic: 3000}
        assert (monitor.messages_active, monitor.events_active) == (0, 0)
        assert monitor.tp_read_offsets[tp] == 2999
        assert monitor.tp_end_offsets[tp] == 3000
        assert len(monitor.events_runtime) == len(collector.batches)
    finally:
        await app.stop()
