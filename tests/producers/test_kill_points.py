"""SIGKILL between any two lines of the agent's code: what was acknowledged is there, and nothing is invented."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from producers.publisher import Publisher
from producers.settings import ProducerSettings
from producers.spool import Spool
from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded
from tests.producers.dying import SPOOL_BYTES, Job, read_journal
from tests.services.topics import TopicFactory

KILLS = int(os.environ.get("NETCOPILOT_TEST_KILLS", "60"))
"""How often the publisher's process is killed."""

SEED = int(os.environ.get("NETCOPILOT_TEST_SEED", "4"))

Run = Callable[[Job], int]


@contextmanager
def jobs(scenario: str, environment: Environment) -> Iterator[Run]:
    """Run jobs of a scenario in processes of their own; gives their exit codes."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.producers.dying", scenario],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=environment,
    )

    def run(job: Job) -> int:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps(job) + "\n")
        return int(program.stdout.readline())

    with program:
        yield run
        program.stdin.close() if program.stdin else None


def spooled(folder: Path) -> list[int]:
    spool = Spool(folder / "spool", max_bytes=SPOOL_BYTES, durable=False)
    numbers: list[int] = []
    while (batch := spool.read(max_payloads=100, max_bytes=1 << 20)).payloads:
        numbers += [int(payload.split(b" ")[0]) for payload in batch.payloads]
        spool.forget(batch.ends[-1])
    return numbers


def test_the_spool_at_every_single_line(environment: Environment, tmp_path: Path) -> None:
    kills = 0
    with jobs("spool", environment) as run:
        for lines in count():
            folder = tmp_path / str(lines)
            folder.mkdir()
            code = run({"folder": str(folder), "die_at": lines, "events": 6})
            acknowledged, sent = read_journal(folder, "acknowledged"), read_journal(folder, "sent")
            left = spooled(folder)
            assert left == list(range(left[0], left[-1] + 1)) if left else acknowledged == sent, lines
            assert set(acknowledged) <= {*sent, *left}, lines
            assert len({*sent, *left}) <= len(acknowledged) + 1, lines
            if code == 0:
                break
            assert code == -signal.SIGKILL
            kills += 1
    assert kills > 500


def test_the_publisher_at_random_lines_with_and_without_a_broker(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment, tmp_path: Path
) -> None:
    """One agent that dies again and again, on one spool; in the end it drains, and the topic is compared."""
    rng = random.Random(SEED)
    prefix = topic_factory.prefixed(EXECUTED, partitions=3)
    common = {"folder": str(tmp_path), "prefix": prefix, "device": "r1"}
    killed = 0
    with jobs("publish", environment) as run:
        for _ in range(KILLS):
            away = rng.random() < 0.5
            place = {"servers": "127.0.0.1:1", "timeout": 0.1} if away else {"servers": kafka, "timeout": 30}
            die_at = int(10 ** rng.uniform(1.5, 4.2))
            killed += run({**common, **place, "die_at": die_at, "events": rng.randint(1, 40), "close": 0.2}) != 0
    settings = ProducerSettings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix, spool_dir=tmp_path / "spool")
    with Publisher.open(settings) as publisher:
        publisher.close(60)
        assert not publisher.has_backlog()
    events = [decoded(message) for message in read_topic(EXECUTED.named(prefix))]
    acknowledged, published = read_journal(tmp_path, "acknowledged"), read_journal(tmp_path, "published")
    numbers = [event["sequence"] for event in events]
    first_seen = list(dict.fromkeys(numbers))
    assert killed > KILLS // 2
    assert set(acknowledged) <= set(numbers) <= set(published)
    assert first_seen == sorted(first_seen)
    assert len({event["event_id"] for event in events}) == len(first_seen)
