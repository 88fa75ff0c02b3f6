"""Workers under a steady load while brokers die, hang and come back, and while workers come and go."""

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource

from schemas.topics import ANALYZED
from tests.services.cluster import KafkaCluster
from tests.services.waiting import until
from tests.streams.pipeline import PARTITIONS, Pipeline

pytestmark = pytest.mark.timeout(1200)

PATIENT = 240.0
"""Seconds within which everything must be well again, on a busy machine."""

UNHURRIED_MEMBERS = {
    "NETCOPILOT_WORKER_SESSION_TIMEOUT_SECONDS": "10",
    "NETCOPILOT_WORKER_REBALANCE_TIMEOUT_SECONDS": "10",
}
"""Who is put out of the group because the machine is busy leaves work to repeat."""

IMPATIENT = {"NETCOPILOT_WORKER_STALL_SECONDS": "15", "NETCOPILOT_WORKER_STOP_SECONDS": "20"}


@pytest.fixture
def pipeline(three_brokers: KafkaCluster, redis_database: str, tmp_path: Path) -> Iterator[Pipeline]:
    pipeline = Pipeline(
        three_brokers.bootstrap_servers, redis_database, tmp_path, replicas=3, settings=UNHURRIED_MEMBERS
    )
    yield pipeline
    pipeline.close()
    for node in three_brokers.nodes.values():
        if node.runs:
            node.resume()
        else:
            node.start()
    three_brokers.wait_until_whole(within=PATIENT)


def repeated(pipeline: Pipeline) -> int:
    """How many analysed events stand in the topic more than once; fails where one is missing."""
    counts = Counter(record["sequence"] for record in pipeline.analyzed(pipeline.produced))
    assert counts.keys() == set(pipeline.produced)
    return counts.total() - len(counts)


def moved(pipeline: Pipeline) -> None:
    """Wait until something more is committed."""
    before = sum(pipeline.committed())
    until(lambda: sum(pipeline.committed()) > before, within=PATIENT)


def test_workers_come_and_go_under_load_and_nothing_is_lost_or_repeated(pipeline: Pipeline) -> None:
    first, second = pipeline.start_worker(), pipeline.start_worker()
    with pipeline.load():
        pipeline.wait_until_ready(first)
        pipeline.wait_until_ready(second)
        moved(pipeline)
        first.send_signal(signal.SIGTERM)
        assert first.wait(PATIENT) == 0, pipeline.logs()
        moved(pipeline)
        third = pipeline.start_worker()
        pipeline.wait_until_ready(third)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENT) == 0, pipeline.logs()
        moved(pipeline)
    pipeline.wait_until_caught_up(within=PATIENT)
    assert repeated(pipeline) == 0
    assert third.poll() is None


def test_a_worker_goes_on_when_a_leader_dies(pipeline: Pipeline, three_brokers: KafkaCluster) -> None:
    worker = pipeline.start_worker()
    with pipeline.load():
        pipeline.wait_until_ready(worker)
        moved(pipeline)
        leader = three_brokers.leader(ANALYZED.named(pipeline.prefix))
        assert leader is not None
        three_brokers.nodes[leader].kill()
        moved(pipeline)
        three_brokers.nodes[leader].start()
        three_brokers.wait_until_whole(within=PATIENT)
    pipeline.wait_until_caught_up(within=PATIENT)
    assert worker.poll() is None, pipeline.logs()
    assert repeated(pipeline) == 0


def test_a_worker_goes_on_when_a_broker_hangs(pipeline: Pipeline, three_brokers: KafkaCluster) -> None:
    worker = pipeline.start_worker()
    with pipeline.load():
        pipeline.wait_until_ready(worker)
        moved(pipeline)
        leader = three_brokers.leader(ANALYZED.named(pipeline.prefix))
        assert leader is not None
        three_brokers.nodes[leader].pause()
        until(lambda: three_brokers.leader(ANALYZED.named(pipeline.prefix)) not in {None, leader}, within=PATIENT)
        moved(pipeline)
        three_brokers.nodes[leader].resume()
    three_brokers.wait_until_whole(within=PATIENT)
    pipeline.wait_until_caught_up(within=PATIENT)
    assert worker.poll() is None, pipeline.logs()
    repeated(pipeline)


def test_a_worker_without_brokers_ends_with_the_reason_and_its_successor_goes_on(
    pipeline: Pipeline, three_brokers: KafkaCluster
) -> None:
    worker = pipeline.start_worker(**IMPATIENT)
    with pipeline.load():
        pipeline.wait_until_ready(worker)
        moved(pipeline)
    for node in three_brokers.nodes.values():
        node.kill()
    assert worker.wait(PATIENT) == 70
    assert "no progress" in pipeline.logs()
    successor = pipeline.start_worker()
    for node in three_brokers.nodes.values():
        node.start()
    three_brokers.wait_until_whole(within=PATIENT)
    pipeline.wait_until_caught_up(within=PATIENT)
    assert successor.poll() is None
    repeated(pipeline)


def test_a_worker_whose_outcomes_no_broker_takes_ends_and_commits_none_of_them(
    pipeline: Pipeline, three_brokers: KafkaCluster
) -> None:
    topic = ANALYZED.named(pipeline.prefix)
    worker = pipeline.start_worker(**IMPATIENT)
    with pipeline.load():
        pipeline.wait_until_ready(worker)
    pipeline.wait_until_caught_up(within=PATIENT)
    need_in_sync(three_brokers, topic, 3)
    leader = three_brokers.leader(topic)
    spare = next(node for node in three_brokers.nodes if node != leader)
    three_brokers.nodes[spare].kill()
    until(lambda: not three_brokers.is_whole(), within=PATIENT)
    before = pipeline.committed()
    with pipeline.load():
        assert worker.wait(PATIENT) == 70
    assert pipeline.committed() == before
    need_in_sync(three_brokers, topic, 2)
    pipeline.start_worker()
    pipeline.wait_until_caught_up(within=PATIENT)
    repeated(pipeline)


def test_a_worker_that_was_frozen_moves_no_offset_back_and_joins_again(pipeline: Pipeline) -> None:
    frozen = pipeline.start_worker()
    with pipeline.load():
        pipeline.wait_until_ready(frozen)
        moved(pipeline)
        frozen.send_signal(signal.SIGSTOP)
        other = pipeline.start_worker()
        moved(pipeline)
    pipeline.wait_until_caught_up(within=PATIENT)
    assert leave(other) == 0
    end = pipeline.committed()
    frozen.send_signal(signal.SIGCONT)
    lowest = end
    pipeline.wait_until_ready(frozen)
    with pipeline.load():
        while sum(now := pipeline.committed()) <= sum(end) + PARTITIONS:
            lowest = [min(pair) for pair in zip(lowest, now, strict=True)]
    assert lowest == end
    assert frozen.poll() is None, pipeline.logs()
    repeated(pipeline)


def leave(worker: subprocess.Popen[bytes]) -> int:
    worker.send_signal(signal.SIGTERM)
    return worker.wait(PATIENT)


def need_in_sync(cluster: KafkaCluster, topic: str, replicas: int) -> None:
    entry = ConfigEntry("min.insync.replicas", str(replicas), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin = cluster.admin()
    for change in admin.incremental_alter_configs([resource]).values():
        change.result(30)
