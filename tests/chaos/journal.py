"""What an agent knows it took, written so that its death by SIGKILL takes no line away.

Lines are `numbered SEQUENCE` (a number was given to an event) and `taken SEQUENCE EVENT_ID` (the broker acknowledged
the event, or the spool holds it: from now on it may not be lost). Each line is one write to the kernel, which keeps it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from producers.publisher import Outcome, Receipt
from schemas.event import CommandExecuted

_SUFFIX = ".journal"


class Journal:
    """Written by one agent process at a time; a context manager."""

    def __init__(self, folder: Path, agent_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(folder / f"{agent_id}{_SUFFIX}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def numbering(self, next_number: Callable[[], int]) -> Callable[[], int]:
        """Return what gives out the same numbers, each noted before anybody has it."""

        def noted() -> int:
            number = next_number()
            self._write(f"numbered {number}")
            return number

        return noted

    def receive(self, event: CommandExecuted, receipt: Receipt) -> None:
        """Note an event's receipt, if it says that the event is safe."""
        if receipt.outcome is not Outcome.REFUSED:
            self._write(f"taken {event.sequence} {event.event_id}")

    def _write(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode())


@dataclass(slots=True)
class AgentBook:
    """What one agent's journal tells, over all its lives."""

    numbered: set[int] = field(default_factory=set)
    taken: dict[UUID, int] = field(default_factory=dict)
    """Sequence numbers of the events that it took, by their ids."""

    def enter(self, line: str) -> None:
        """Take a line over."""
        match line.split():
            case ["numbered", number]:
                self.numbered.add(int(number))
            case ["taken", number, event_id]:
                self.taken[UUID(event_id)] = int(number)
            case _:
                raise ValueError(f"no line of a journal: {line!r}")


class Books:
    """The journals of all agents, read on as they grow."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self.agents: dict[str, AgentBook] = {}

    def catch_up(self) -> None:
        """Read what was written since the last time."""
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                whole = file.read().rpartition(b"\n")[0]
            book = self.agents.setdefault(path.stem, AgentBook())
            for line in whole.decode().splitlines():
                book.enter(line)
            self._read[path] = self._read.get(path, 0) + (len(whole) + 1 if whole else 0)

    @property
    def taken(self) -> set[UUID]:
        """Every event that an agent took."""
        return {event_id for book in self.agents.values() for event_id in book.taken}

    @property
    def count(self) -> int:
        """How many events were taken."""
        return sum(len(book.taken) for book in self.agents.values())
