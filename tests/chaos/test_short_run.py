"""A few faults on the real platform, and every event accounted for; the long run is `make chaos`."""

import json
import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import psutil
import pytest

from cli.stack.jars import apache_kafka_is_available
from tests.chaos.fault import Action, Kind, Part
from tests.chaos.platform import Scale, running_platform
from tests.chaos.run import ChaosRun
from tests.chaos.schedule import schedule

SEED = 4
KINDS = (
    Kind(Action.KILL, Part.AGENT),
    Kind(Action.KILL, Part.WORKER),
    Kind(Action.KILL, Part.SINK),
    Kind(Action.KILL, Part.ENGINE),
    Kind(Action.KILL, Part.BROKER),
    Kind(Action.CUT, Part.BROKER),
)
SCALE = Scale(rate=30, agents=2)

pytestmark = [
    pytest.mark.skipif(not apache_kafka_is_available(), reason="Apache Kafka needs java and mvn"),
    pytest.mark.timeout(900),
]


def test_a_handful_of_faults_loses_nothing_and_shows_nothing_twice(tmp_path: Path) -> None:
    with running_platform(tmp_path, SCALE) as platform:
        run = ChaosRun(platform, now=print, done=print)
        run.injure(islice(schedule(SEED, SCALE.sizes, KINDS), len(KINDS)), seconds=600)
        run.account()
        run.close()
    course, account = run.course, run.course.account
    assert course.broken_by is None
    assert {injury.fault.kind for injury in course.injuries} == set(KINDS)
    assert account is not None
    assert (dict(account.lost), account.seen_twice) == ({}, ())
    assert account.visible + account.dead >= account.taken > 0
    assert course.verdict is not None
    assert course.verdict.is_clean, course.verdict


def test_ctrl_c_ends_it_cleanly_and_prints_what_is_known(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.chaos", "--seed", "1", "--rate", "20", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        next(line for line in process.stderr if "events taken" in line)
        family = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, signal.SIGINT)
        output, complaints = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGINT
    assert json.loads(output)["lost"] is None
    assert str(tmp_path) in complaints.replace("\n", "")
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []
