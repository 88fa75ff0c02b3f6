import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from producers.errors import EventRefusedError
from producers.publisher import Outcome, Receipt
from schemas.event import CommandExecuted
from tests.chaos.journal import AgentBook, Books, Journal


def event(sequence: int) -> CommandExecuted:
    return CommandExecuted(device_id="d", sequence=sequence)


def test_what_is_acknowledged_counts_and_what_is_refused_does_not(tmp_path: Path) -> None:
    delivered, spooled, refused = event(1), event(2), event(3)
    with Journal(tmp_path, "a") as journal:
        journal.receive(delivered, Receipt(Outcome.DELIVERED))
        journal.receive(spooled, Receipt(Outcome.SPOOLED))
        journal.receive(refused, Receipt(Outcome.REFUSED, EventRefusedError("too large")))
    books = Books(tmp_path)
    books.catch_up()
    assert books.agents["a"].taken == {delivered.event_id: 1, spooled.event_id: 2}
    assert books.taken == {delivered.event_id, spooled.event_id}


def test_numbers_are_noted_before_anybody_has_them(tmp_path: Path) -> None:
    with Journal(tmp_path, "a") as journal:
        assert journal.numbering(lambda: 41)() == 41
    books = Books(tmp_path)
    books.catch_up()
    assert books.agents["a"].numbered == {41}


def test_books_read_on_where_they_stopped_and_leave_a_line_that_is_being_written(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.catch_up()
    assert books.count == 0
    path = tmp_path / "a.journal"
    path.write_text("numbered 1\nnumb")
    books.catch_up()
    assert books.agents["a"].numbered == {1}
    with path.open("a") as file:
        file.write("ered 2\n")
    books.catch_up()
    assert books.agents["a"].numbered == {1, 2}


def test_a_line_that_is_none_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no line of a journal"):
        AgentBook().enter("taken 5")


def test_a_kill_takes_no_line_away(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from tests.chaos.journal import Journal
journal = Journal(Path(sys.argv[1]), "a")
note = journal.numbering(iter(range(1, 10**9)).__next__)
while True:
    print(note(), flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        heard = [int(next(child.stdout)) for _ in range(100)]
        os.kill(child.pid, signal.SIGKILL)
        heard += [int(line) for line in child.stdout if line.endswith("\n")]
    books = Books(tmp_path)
    books.catch_up()
    assert set(heard) <= books.agents["a"].numbered
