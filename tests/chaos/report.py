"""What a run found, for people and for programs."""

import os
import platform
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.chaos.fault import Kind
from tests.chaos.run import Course, Injury

_UNKNOWN = "not counted"


@dataclass(frozen=True, slots=True)
class Report:
    """A run and the numbers that it can be repeated with."""

    seed: int
    minutes: float
    rate: float
    taken: int
    crashes: Mapping[str, int]
    course: Course

    def record(self) -> dict[str, Any]:
        """Return it as one JSON object. Times are in seconds."""
        course, account, verdict = self.course, self.course.account, self.course.verdict
        return {
            "benchmark": "chaos",
            "seed": self.seed,
            "minutes": self.minutes,
            "rate": self.rate,
            "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "processor": platform.machine()},
            "faults": len(course.injuries),
            "kinds": {str(kind): of_kind.record() for kind, of_kind in by_kind(course.injuries).items()},
            "all": figures(course.injuries).record() if course.injuries else None,
            "broken_by": None if course.broken_by is None else str(course.broken_by),
            "crashes": dict(self.crashes),
            "events": self.taken,
            "visible": account and account.visible,
            "lost": account and len(account.lost),
            "visible_twice": account and len(account.seen_twice),
            "dead": account and account.dead,
            "unacknowledged": account and account.unacknowledged,
            "repeated": account and dict(account.repeated),
            "verify": verdict and {"clean": verdict.is_clean, "faults": verdict.faults, "failure": verdict.failure},
            "sound": course.is_sound,
        }

    def show(self, console: Console) -> None:
        """Print it as tables."""
        console.print(_recoveries(self.course.injuries))
        console.print(self._events())
        if self.course.broken_by is not None:
            console.print(f"[bold red]not recovered from: {self.course.broken_by}[/]")
        for event_id, place in (self.course.account.lost if self.course.account else {}).items():
            console.print(f"[bold red]lost: {event_id}, seen last in {place}[/]")

    def _events(self) -> Table:
        table = Table("events", "", title=f"seed {self.seed}, {self.rate:g} events/s", title_justify="left")
        table.add_row("taken by agents", f"{self.taken:,}")
        for name, value in self._counts():
            table.add_row(name, value)
        for what, times in self.crashes.items():
            table.add_row("ended by itself", f"{what}: {times}")
        return table

    def _counts(self) -> Iterable[tuple[str, str]]:
        account, verdict = self.course.account, self.course.verdict
        if account is None or verdict is None:
            yield "everything else", _UNKNOWN
            return
        yield "visible", f"{account.visible:,}"
        yield "lost", _judged(len(account.lost))
        yield "visible twice", _judged(len(account.seen_twice))
        yield "in the dead letters", f"{account.dead:,}"
        yield "arrived unacknowledged", f"{account.unacknowledged:,}"
        yield from ((f"repeated in {place}", f"{count:,}") for place, count in account.repeated.items())
        yield "netcopilot verify", _verdict(verdict.is_clean, verdict.faults, verdict.failure)
        yield "numbers of killed agents", f"{verdict.unacknowledged:,} never acknowledged, never arrived"


@dataclass(frozen=True, slots=True)
class Figures:
    """Recoveries from faults of one kind, in seconds."""

    faults: int
    lasted: float
    median: float
    worst: float

    def record(self) -> dict[str, Any]:
        """Return it as JSON shows it."""
        return {"faults": self.faults, "lasted": self.lasted, "median": self.median, "worst": self.worst}

    def cells(self) -> list[str]:
        """Return it as a table shows it."""
        return [str(self.faults), *(f"{time:.1f} s" for time in (self.lasted, self.median, self.worst))]


def by_kind(injuries: Iterable[Injury]) -> dict[Kind, Figures]:
    """Sum up recoveries by the kind of their faults."""
    groups: defaultdict[Kind, list[Injury]] = defaultdict(list)
    for injury in injuries:
        groups[injury.fault.kind].append(injury)
    return {kind: figures(groups[kind]) for kind in sorted(groups)}


def figures(injuries: list[Injury]) -> Figures:
    """Sum up recoveries, of which there is at least one."""
    seconds = [injury.seconds for injury in injuries]
    lasted = median(injury.fault.seconds for injury in injuries)
    return Figures(len(injuries), round(lasted, 1), round(median(seconds), 1), round(max(seconds), 1))


def _recoveries(injuries: list[Injury]) -> Table:
    table = Table(title="from a fault's beginning until events taken after its end were visible", title_justify="left")
    table.add_column("fault")
    for name in ("times", "lasted (median)", "recovered (median)", "worst"):
        table.add_column(name, justify="right")
    for kind, of_kind in by_kind(injuries).items():
        table.add_row(str(kind), *of_kind.cells())
    if injuries:
        table.add_section()
        table.add_row("all", *figures(injuries).cells())
    return table


def _judged(count: int) -> str:
    return f"[bold red]{count:,}[/]" if count else "[green]0[/]"


def _verdict(clean: bool, faults: Mapping[str, int], failure: str) -> str:
    if clean:
        return "[green]clean[/]"
    return f"[bold red]{failure or ', '.join(f'{count:,} {status}' for status, count in faults.items())}[/]"
