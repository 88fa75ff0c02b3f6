"""Brokers that die, hang or lose replicas under an agent that goes on publishing: nothing is lost, order is kept."""

import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from confluent_kafka.cimpl import NewTopic

from producers.envelope import seal
from producers.pace import Pace
from producers.publisher import Outcome, Publisher, Receipt
from producers.settings import ProducerSettings
from schemas.event import CommandExecuted
from schemas.topics import EXECUTED
from tests.producers.conftest import decoded
from tests.services.cluster import KafkaCluster
from tests.services.reading import read_topic
from tests.services.waiting import until

MakeSettings = Callable[..., ProducerSettings]

pytestmark = pytest.mark.timeout(600)

DEVICES = 5
RATE = 200.0
AWAY_SECONDS = 60.0


class Agent:
    """Publishes at a steady rate from a thread of its own, and knows what was acknowledged."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.outcomes: dict[int, Outcome] = {}
        self.published = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="agent")

    def outcome(self, outcome: Outcome) -> int:
        return list(self.outcomes.values()).count(outcome)

    def wait_for_more(self, outcome: Outcome, *, within: float = 60) -> None:
        """Wait until a hundred more events have this outcome."""
        before = self.outcome(outcome)
        until(lambda: self.outcome(outcome) >= before + 100, within=within)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Publish for the block; at its end everything has its receipt and the spool is empty."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()
        until(lambda: len(self.outcomes) == self.published and not self.publisher.has_backlog(), within=120)

    def _run(self) -> None:
        pace = Pace(RATE)
        while not self._stop.is_set():
            pace.wait()
            number = self.published
            self.published += 1
            event = CommandExecuted(device_id=f"r{number % DEVICES}", sequence=number, output="out\n" * 50)
            self.publisher.publish(seal(event), partial(self._done, number))

    def _done(self, number: int, receipt: Receipt) -> None:
        self.outcomes[number] = receipt.outcome


@pytest.fixture
def prefix(three_brokers: KafkaCluster, request: pytest.FixtureRequest) -> str:
    """The prefix of a topic of three replicas; a parameter is how many of them must have a message."""
    name = f"{uuid.uuid4().hex[:12]}."
    needed = {"min.insync.replicas": str(getattr(request, "param", 2))}
    admin = three_brokers.admin()
    made = admin.create_topics([NewTopic(EXECUTED.named(name), 3, 3, config=needed)])
    made[EXECUTED.named(name)].result(30)
    until(three_brokers.is_whole, within=60)
    return name


@pytest.fixture
def agent(three_brokers: KafkaCluster, prefix: str, make_settings: MakeSettings) -> Iterator[Agent]:
    settings = make_settings(
        kafka_bootstrap_servers=three_brokers.bootstrap_servers, kafka_topic_prefix=prefix, publish_timeout_seconds=4
    )
    with Publisher.open(settings) as publisher:
        agent = Agent(publisher)
        with agent.at_work():
            agent.wait_for_more(Outcome.DELIVERED)
            yield agent
            agent.wait_for_more(Outcome.DELIVERED, within=120)
    verify(three_brokers, prefix, agent)


def verify(cluster: KafkaCluster, prefix: str, agent: Agent) -> None:
    """Every event arrived, each device's in order, and what came twice is the same event."""
    by_device: dict[str, list[int]] = defaultdict(list)
    ids: dict[int, set[object]] = defaultdict(set)
    for message in read_topic(cluster.bootstrap_servers, EXECUTED.named(prefix)):
        event = decoded(message)
        by_device[event["device_id"]].append(event["sequence"])
        ids[event["sequence"]].add(event["event_id"])
    assert agent.outcome(Outcome.REFUSED) == 0
    assert sorted(ids) == list(range(agent.published))
    assert all(len(same) == 1 for same in ids.values())
    for numbers in by_device.values():
        first_seen = list(dict.fromkeys(numbers))
        assert first_seen == sorted(first_seen)


def test_a_leader_is_killed_and_comes_back(three_brokers: KafkaCluster, prefix: str, agent: Agent) -> None:
    leader = three_brokers.leader(EXECUTED.named(prefix))
    assert leader is not None
    three_brokers.nodes[leader].kill()
    agent.wait_for_more(Outcome.DELIVERED, within=120)
    three_brokers.nodes[leader].start()
    three_brokers.wait_until_whole()


@pytest.mark.parametrize("prefix", [3], indirect=True, ids=["three_replicas"])
def test_too_few_replicas_take_nothing_until_they_are_back(
    three_brokers: KafkaCluster, prefix: str, agent: Agent
) -> None:
    follower = next(node for node in three_brokers.nodes if node != three_brokers.leader(EXECUTED.named(prefix)))
    three_brokers.nodes[follower].kill()
    agent.wait_for_more(Outcome.SPOOLED, within=120)
    assert not agent.publisher.ready().healthy
    three_brokers.nodes[follower].start()
    three_brokers.wait_until_whole()


def test_all_brokers_hang_for_a_minute(three_brokers: KafkaCluster, agent: Agent) -> None:
    for node in three_brokers.nodes.values():
        node.pause()
    minute = threading.Event()
    assert not minute.wait(AWAY_SECONDS)
    assert agent.outcome(Outcome.SPOOLED) > AWAY_SECONDS * RATE / 2
    assert not agent.publisher.ready().healthy
    for node in three_brokers.nodes.values():
        node.resume()
