"""Processes that use spool and publisher and SIGKILL themselves at a given line; started by test_kill_points.py.

    python -m tests.producers.dying SCENARIO < jobs

Each line of input is a job, a JSON object: `folder`, `die_at` (how many lines of producers/ run before the process is
gone; null: never) and what the scenario takes. Each job runs in a process of its own, forked from this one, which has
everything imported. Each line of output is a job's exit status.

A scenario keeps a journal: a line is in the file before what it tells of goes on.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from producers.envelope import seal
from producers.publisher import Outcome, Publisher, Receipt
from producers.settings import ProducerSettings
from producers.spool import Spool
from runtime.log import configure_logging
from schemas.event import CommandExecuted
from tests.services.waiting import until

Job = dict[str, Any]
SPOOL_BYTES = 64 * 1024
_PRODUCERS = str(Path(__file__).resolve().parents[2] / "producers") + os.sep


class Journal:
    """What a process knew at its end: lines of a file, each written before the process goes on."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, word: str, number: int) -> None:
        os.write(self._descriptor, f"{word} {number}\n".encode())


def read_journal(folder: Path, word: str) -> list[int]:
    """Return the numbers noted under a word."""
    path = folder / "journal"
    lines = path.read_text().splitlines() if path.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith(f"{word} ")]


class Countdown:
    """Traces lines of producers/ in every thread, and kills the process at one of them."""

    def __init__(self, lines: int) -> None:
        self._left = lines

    def start(self) -> None:
        threading.settrace(self._on_call)
        sys.settrace(self._on_call)

    def _on_call(self, frame: FrameType, _event: str, _arg: object) -> Callable[..., Any] | None:
        return self._on_line if frame.f_code.co_filename.startswith(_PRODUCERS) else None

    def _on_line(self, _frame: FrameType, _event: str, _arg: object) -> Callable[..., Any]:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._on_line


def use_the_spool(job: Job) -> None:
    """Append and send; three events a segment, so that segments begin and end."""
    folder = Path(job["folder"])
    journal = Journal(folder)
    spool = Spool(folder / "spool", max_bytes=SPOOL_BYTES, durable=False)
    for number in range(job["events"]):
        spool.append([b"%d " % number + bytes(1500)])
        journal.note("acknowledged", number)
        if number % 3 == 2:
            spool.start_draining()
            batch = spool.read(max_payloads=2, max_bytes=SPOOL_BYTES)
            for payload in batch.payloads:
                journal.note("sent", int(payload.split(b" ")[0]))
            spool.forget(batch.ends[-1])


def publish(job: Job) -> None:
    """Publish numbered events, from where the last process stopped, and wait for the receipts of all of them."""
    folder = Path(job["folder"])
    journal = Journal(folder)
    settings = ProducerSettings(
        kafka_bootstrap_servers=job["servers"],
        kafka_topic_prefix=job["prefix"],
        spool_dir=folder / "spool",
        publish_timeout_seconds=job["timeout"],
        spool_fsync=False,
    )
    receipts: list[Receipt] = []

    def done(number: int) -> Callable[[Receipt], None]:
        def receive(receipt: Receipt) -> None:
            if receipt.outcome is not Outcome.REFUSED:
                journal.note("acknowledged", number)
            receipts.append(receipt)

        return receive

    first = max(read_journal(folder, "published"), default=-1) + 1
    with Publisher.open(settings) as publisher:
        for number in range(first, first + job["events"]):
            journal.note("published", number)
            publisher.publish(seal(CommandExecuted(device_id=job["device"], sequence=number)), done(number))
        until(lambda: len(receipts) == job["events"], within=60)
        publisher.close(job["close"])


SCENARIOS: dict[str, Callable[[Job], None]] = {"spool": use_the_spool, "publish": publish}


def _run(scenario: Callable[[Job], None], job: Job) -> int:
    """Run a job in a process of its own and return its exit code, -9 where it was killed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        if job["die_at"] is not None:
            Countdown(job["die_at"]).start()
        scenario(job)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    configure_logging(ProducerSettings(log_level="error"), process="test")
    for line in sys.stdin:
        print(_run(SCENARIOS[sys.argv[1]], json.loads(line)), flush=True)
