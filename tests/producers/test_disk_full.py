"""A disk without room, at every write there is: a small file system in memory, filled to the page."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic, decoded
from tests.services.proxy import FAIR, Weather, proxies
from tests.services.topics import TopicFactory

ON_A_DISK_OF_ITS_OWN = ["unshare", "--map-root-user", "--mount"]
SMALL_DISK = [*ON_A_DISK_OF_ITS_OWN, sys.executable, "-m", "tests.producers.small_disk"]


def can_mount() -> bool:
    try:
        tried = subprocess.run(
            [*ON_A_DISK_OF_ITS_OWN, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


pytestmark = pytest.mark.skipif(not can_mount(), reason="no right to mount a file system, not even in a namespace")


def test_whatever_write_the_disk_refuses_accepted_events_stay_and_the_spool_goes_on(
    environment: Environment, tmp_path: Path
) -> None:
    result = subprocess.run(
        [*SMALL_DISK, "sweep", str(tmp_path)], capture_output=True, env=environment, timeout=300, check=True
    )
    reports = [json.loads(line) for line in result.stdout.splitlines()]
    for report in reports:
        left = [payload for payload in report["accepted"] if payload not in report["sent"]]
        assert report["sent"] == report["accepted"][: len(report["sent"])], report["pages"]
        assert report["rest"] == [*left, "room again"], report["pages"]
        assert report["empty"], report["pages"]
        repeated = report["restarted"][: len(report["restarted"]) - len(left)]
        assert report["restarted"] == [*repeated, *left], report["pages"]
        assert repeated == report["sent"][len(report["sent"]) - len(repeated) :], report["pages"]
    assert reports[0]["accepted"] == []
    assert reports[0]["refusals"] == 40
    assert reports[-1]["refusals"] == 0
    assert any(report["restarted"] != report["rest"][:-1] for report in reports), "no cursor was refused"


def test_events_wait_in_memory_for_a_full_disk_and_go_to_the_broker_from_there(
    kafka: str, topic_factory: TopicFactory, read_topic: ReadTopic, environment: Environment, tmp_path: Path
) -> None:
    prefix = topic_factory.prefixed(EXECUTED)
    with proxies() as through:
        proxy = through.to(int(kafka.rpartition(":")[2]))
        proxy.be(Weather(refuses=True))
        with publisher(environment, tmp_path, f"127.0.0.1:{proxy.port}", prefix) as program:
            assert told(program) == {"receipts": 0}
            proxy.be(FAIR)
            go_on(program, "broker")
            assert told(program)["outcomes"] == ["delivered"] * 60
    assert [decoded(message)["sequence"] for message in read_topic(EXECUTED.named(prefix))] == list(range(60))


def test_what_waits_in_memory_at_the_end_is_refused_with_the_cure(environment: Environment, tmp_path: Path) -> None:
    with publisher(environment, tmp_path, "127.0.0.1:1", "none.") as program:
        assert told(program) == {"receipts": 0}
        go_on(program, "close")
        end = told(program)
    assert end["outcomes"] == ["refused"] * 50
    assert "No space left on device; make room" in end["error"]


@contextmanager
def publisher(environment: Environment, folder: Path, servers: str, prefix: str) -> Iterator["subprocess.Popen[bytes]"]:
    program = subprocess.Popen(
        [*SMALL_DISK, "publish", str(folder), servers, prefix],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    with program:
        try:
            yield program
        finally:
            program.kill()


def told(program: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert program.stdout is not None
    answer: dict[str, Any] = json.loads(program.stdout.readline())
    return answer


def go_on(program: "subprocess.Popen[bytes]", how: str) -> None:
    assert program.stdin is not None
    program.stdin.write(f"{how}\n".encode())
    program.stdin.flush()
