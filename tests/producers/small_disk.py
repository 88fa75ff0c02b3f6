"""Programs that run on a disk of their own which is (nearly) full; started by test_disk_full.py through unshare(1).

    unshare -rm python -m tests.producers.small_disk sweep FOLDER
    unshare -rm python -m tests.producers.small_disk publish FOLDER BOOTSTRAP_SERVERS TOPIC_PREFIX

The mount is seen by this process only, and is gone with it.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from producers.envelope import seal
from producers.publisher import Publisher, Receipt
from producers.settings import ProducerSettings
from producers.spool import Spool
from runtime.log import configure_logging
from runtime.metrics import REGISTRY
from schemas.event import CommandExecuted
from tests.services.waiting import until

_PAGE = 4096
_DISK_PAGES = 64
_SPOOL_BYTES = 64 * 1024
"""Of which a segment takes a page: the spool begins a new file every few events."""


class Disk:
    """A file system in memory, with a file that takes up room."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_DISK_PAGES * _PAGE}", "none", str(folder)],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave(self, pages: int) -> None:
        """Fill it but for so many pages."""
        with self._ballast.open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(_PAGE))
        with self._ballast.open("r+b") as ballast:
            ballast.truncate(max(self._ballast.stat().st_size - pages * _PAGE, 0))

    def make_room(self) -> None:
        self._ballast.unlink()

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.folder)], check=True, stdin=subprocess.DEVNULL)


def sweep(folder: Path) -> None:
    """With ever more room: append and send until the disk has refused each kind of write; then compare.

    Prints for each amount of room what was accepted, what came out of the same process's spool and what out of a
    restarted one, and how often the disk refused.
    """
    for pages in range(14):
        disk = Disk(folder / f"disk-{pages}")
        spool = Spool(disk.folder / "spool", max_bytes=_SPOOL_BYTES)
        disk.leave(pages)
        accepted, sent, refusals = _use(spool)
        restarted = _everything(Spool(disk.folder / "spool", max_bytes=_SPOOL_BYTES), forget=False)
        disk.make_room()
        spool.append([b"room again"])
        rest = _everything(spool, forget=True)
        report = {"pages": pages, "accepted": accepted, "sent": sent, "restarted": restarted, "rest": rest}
        print(json.dumps({**report, "refusals": refusals, "empty": spool.is_empty()}), flush=True)
        disk.unmount()


def _use(spool: Spool) -> tuple[list[str], list[str], int]:
    accepted: list[str] = []
    sent: list[str] = []
    refusals = 0
    for number in range(40):
        payload = f"{number} {'x' * 700}"
        try:
            spool.append([payload.encode()])
            accepted.append(payload)
        except OSError:
            refusals += 1
        if number % 4 == 3 and (batch := spool.read(max_payloads=1, max_bytes=1)).payloads:
            spool.forget(batch.ends[-1])
            sent += [one.decode() for one in batch.payloads]
    return accepted, sent, refusals


def _everything(spool: Spool, *, forget: bool) -> list[str]:
    found: list[str] = []
    after = None
    while (batch := spool.read(after=after, max_payloads=100, max_bytes=1 << 20)).payloads:
        found += [one.decode() for one in batch.payloads]
        if forget:
            spool.forget(batch.ends[-1])
        else:
            after = batch.ends[-1]
    return found


def publish(folder: Path, bootstrap_servers: str, prefix: str) -> None:
    """Publish on a full disk until everything waits in memory; say so, then go on as the line of input says.

    `broker` means that one answers now: publish more, wait for every receipt and close. Else close at once.
    """
    disk = Disk(folder / "disk")
    settings = ProducerSettings(
        kafka_bootstrap_servers=bootstrap_servers,
        kafka_topic_prefix=prefix,
        spool_dir=disk.folder / "spool",
        spool_max_bytes=_SPOOL_BYTES,
        publish_timeout_seconds=1.0,
    )
    receipts = Receipts()
    with Publisher.open(settings) as publisher:
        disk.leave(0)
        _publish(publisher, range(50), receipts.add)
        until(lambda: REGISTRY.get_sample_value("netcopilot_producers_held_events") == 50, within=60)
        print(json.dumps({"receipts": len(receipts.all)}), flush=True)
        if sys.stdin.readline() == "broker\n":
            _publish(publisher, range(50, 60), receipts.add)
            receipts.wait(60)
        publisher.close(0)
    outcomes = [one.outcome.value for one in receipts.all]
    print(json.dumps({"outcomes": outcomes, "error": str(receipts.all[-1].error)}), flush=True)


class Receipts:
    """Collects receipts."""

    def __init__(self) -> None:
        self.all: list[Receipt] = []
        self._lock = threading.Lock()

    def add(self, receipt: Receipt) -> None:
        with self._lock:
            self.all.append(receipt)

    def wait(self, count: int) -> None:
        until(lambda: len(self.all) >= count, within=60)


def _publish(publisher: Publisher, numbers: range, done: Callable[[Receipt], None]) -> None:
    for number in numbers:
        publisher.publish(seal(CommandExecuted(device_id="r1", sequence=number, command="show clock")), done)


if __name__ == "__main__":
    configure_logging(ProducerSettings(), process="test")
    if sys.argv[1] == "sweep":
        sweep(Path(sys.argv[2]))
    else:
        publish(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
