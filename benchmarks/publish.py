"""How many events a second a device agent publishes, beside a bare librdkafka loop that sends the same bytes.

    python -m benchmarks.publish [EVENTS]

Both send to one topic of the broker that the tests would choose (NETCOPILOT_TEST_KAFKA, NETCOPILOT_TEST_BROKER), and
wait for every acknowledgement. The agent's way is all of it: redaction, encoding, headers, the sequence number on disk,
receipts; once with outputs that all differ and once with one output, which redaction knows again. Prints one JSON line.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from producers.envelope import Envelope, seal
from producers.events import EventFactory
from producers.execution import CapturedText, Execution
from producers.framing import Framer
from producers.identity import Identity
from producers.link import producer_config
from producers.publisher import Outcome, Publisher, Receipt
from producers.reporter import sequence_of
from producers.settings import ProducerSettings
from schemas.registry import open_registry
from schemas.topics import EXECUTED
from tests.services.kafka import choose_kafka

PREFIX = "benchmark.publish."
TOPIC = EXECUTED.named(PREFIX)
ROUNDS = 3

LINE = "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n"
OUTPUT = LINE * 6


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name, choose_kafka().start(Path(name)) as servers:
        settings = ProducerSettings(
            kafka_bootstrap_servers=servers, kafka_topic_prefix=PREFIX, spool_dir=Path(name) / "spool"
        )
        _make_topic(settings)
        factory = EventFactory(
            Identity.from_settings(settings), next_sequence=sequence_of(settings), output_limit=64 * 1024
        )
        envelopes = [seal(factory.make(_execution())) for _ in range(count)]
        different = [_execution(f"{OUTPUT}{number} packets\n") for number in range(count)]
        full = min(_timed(lambda: _publish(settings, factory, different)) for _ in range(ROUNDS))
        repeated = min(_timed(lambda: _publish(settings, factory, [_execution()] * count)) for _ in range(ROUNDS))
        sealed = min(_timed(lambda: _publish_sealed(settings, envelopes)) for _ in range(ROUNDS))
        bare = min(_timed(lambda: _produce(settings, envelopes)) for _ in range(ROUNDS))
    result = {
        "benchmark": "publish",
        "events": count,
        "message_bytes": len(envelopes[0].datum),
        "events_per_second": round(count / full.wall),
        "repeated_outputs_per_second": round(count / repeated.wall),
        "publisher_alone_per_second": round(count / sealed.wall),
        "bare_librdkafka_per_second": round(count / bare.wall),
        "ratio_to_bare": round(bare.wall / full.wall, 3),
        "repeated_outputs_ratio_to_bare": round(bare.wall / repeated.wall, 3),
        "publisher_ratio_to_bare": round(bare.wall / sealed.wall, 3),
        "processor_us_per_event": round(full.processor / count * 1e6, 1),
        "bare_processor_us_per_event": round(bare.processor / count * 1e6, 1),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
    }
    print(json.dumps(result))


def _make_topic(settings: ProducerSettings) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    with suppress(KafkaException):  # it exists
        admin.create_topics([NewTopic(TOPIC, num_partitions=4, replication_factor=1)])[TOPIC].result(30)


def _execution(output: str = OUTPUT) -> Execution:
    now = datetime.now(UTC)
    return Execution(
        command="ip addr show dev eth0",
        status="OK",
        exit_code=0,
        output=CapturedText(output, len(output), truncated=False, replaced=0),
        started_at=now,
        ended_at=now,
        duration_us=1500,
        os_type="linux",
    )


@dataclass(frozen=True, order=True)
class _Seconds:
    wall: float
    processor: float


def _timed(action: Callable[[], None]) -> _Seconds:
    processor, wall = time.process_time(), time.perf_counter()
    action()
    return _Seconds(time.perf_counter() - wall, time.process_time() - processor)


class _Count:
    delivered = 0

    def __call__(self, receipt: Receipt) -> None:
        self.delivered += receipt.outcome is Outcome.DELIVERED


def _publish(settings: ProducerSettings, factory: EventFactory, executions: list[Execution]) -> None:
    done = _Count()
    with Publisher.open(settings) as publisher:
        for execution in executions:
            publisher.publish(seal(factory.make(execution)), done)
        publisher.settle(60)
    _expect(done.delivered, len(executions))


def _publish_sealed(settings: ProducerSettings, envelopes: list[Envelope]) -> None:
    done = _Count()
    with Publisher.open(settings) as publisher:
        for envelope in envelopes:
            publisher.publish(envelope, done)
        publisher.settle(60)
    _expect(done.delivered, len(envelopes))


def _produce(settings: ProducerSettings, envelopes: list[Envelope]) -> None:
    framer = Framer(open_registry(None))
    framer.learn(envelopes[0].schema_id)
    producer = Producer(producer_config(settings))
    for envelope in envelopes:
        producer.produce(TOPIC, framer.frame(envelope), envelope.key, headers=envelope.headers)
        producer.poll(0)
    _expect(len(envelopes) - producer.flush(60), len(envelopes))


def _expect(delivered: int, wanted: int) -> None:
    if delivered != wanted:
        raise RuntimeError(f"{delivered} of {wanted} events were delivered")


if __name__ == "__main__":
    main()
