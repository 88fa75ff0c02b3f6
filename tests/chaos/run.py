"""A run: faults under load, one at a time, then the account of every event."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from tests.chaos.census import count_everything, rows
from tests.chaos.fault import Fault
from tests.chaos.freshness import shows_fresh_events
from tests.chaos.journal import Books
from tests.chaos.ledger import Account, balance
from tests.chaos.platform import Platform, StartError
from tests.chaos.strike import strike
from tests.chaos.verification import Verdict, verify

RECOVERY_SECONDS = 180.0
"""A fault that is not over after so long has broken the platform."""
_ARRIVAL_SECONDS = 120.0
_BREATH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Injury:
    """A fault that happened; `seconds` passed from its beginning until events taken after its end were visible."""

    fault: Fault
    seconds: float


@dataclass(slots=True)
class Course:
    """What is known of a run so far."""

    injuries: list[Injury] = field(default_factory=list)
    broken_by: Fault | None = None
    """The fault from which the platform did not recover."""
    account: Account | None = None
    verdict: Verdict | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every event is accounted for, `netcopilot verify` agrees, and every fault was recovered from."""
        if self.broken_by is not None or self.account is None or self.verdict is None:
            return False
        return self.account.is_balanced and self.verdict.is_clean


Tell = Callable[[str], None]


class ChaosRun:
    """Drives one run; what it learned so far is in `course`, also after an interruption."""

    def __init__(self, platform: Platform, *, now: Tell, done: Tell) -> None:
        """Tell what happens through `now`, and what came of it through `done`."""
        self.course = Course()
        self.books = Books(platform.journals)
        self._platform = platform
        self._now = now
        self._done = done
        self._client = httpx.Client(base_url=platform.api)

    def injure(self, faults: Iterable[Fault], *, seconds: float, at_least: int = 0) -> None:
        """Let faults happen, each from a steady state, until the time is over and so many have happened."""
        self._now("waiting for a steady state")
        if not self._becomes_steady(since=datetime.now(UTC)):
            raise StartError(f"no events arrive, before any fault; see {self._platform.folder}")
        self._done(f"steady; {self._taken()}")
        deadline = time.monotonic() + seconds
        for fault in faults:
            if time.monotonic() > deadline and len(self.course.injuries) >= at_least:
                return
            self._platform.keeper.pass_time(_BREATH_SECONDS)
            if not self._suffer(fault):
                self.course.broken_by = fault
                self._done(f"{fault}: not recovered from")
                return

    def account(self) -> None:
        """End the load, wait until what was taken has arrived, and account for every event."""
        self._now("agents send the rest")
        self._platform.stop_agents()
        self.books.catch_up()
        self._now("waiting for the last events")
        self._platform.keeper.until(self._all_arrived, within=_ARRIVAL_SECONDS)
        self._now("counting what arrived")
        census = count_everything(self._platform)
        self.course.account = balance(self.books.taken, census)
        self._now("netcopilot verify")
        self.course.verdict = verify(self._platform, self.books.agents, census.numbers)

    def close(self) -> None:
        """Close the connection to the API."""
        self._client.close()

    def _suffer(self, fault: Fault) -> bool:
        """Do it and wait for the recovery; return whether it came."""
        number = len(self.course.injuries) + 1
        self._now(f"{number:3}  {fault}; {self._taken()}")
        begin = time.monotonic()
        strike(fault, self._platform)
        end = datetime.now(UTC)
        if not self._shows_events(since=end):
            return False
        seconds = time.monotonic() - begin
        self.course.injuries.append(Injury(fault, seconds))
        self._done(f"{number:3}  {fault}: recovered after {seconds:.1f} s; {self._taken()}")
        return self._becomes_steady(since=end)

    def _becomes_steady(self, *, since: datetime) -> bool:
        """Wait until events flow through all partitions and every process and replica is back."""
        platform = self._platform
        steps = (platform.keeper.all_run, platform.cluster.is_whole)
        return self._shows_events(since=since) and all(
            platform.keeper.until(step, within=RECOVERY_SECONDS) for step in steps
        )

    def _shows_events(self, *, since: datetime) -> bool:
        fresh = shows_fresh_events(self._client, self._platform.devices, since)
        return self._platform.keeper.until(fresh, within=RECOVERY_SECONDS)

    def _all_arrived(self) -> bool:
        return self.books.taken <= rows(self._platform).keys()

    def _taken(self) -> str:
        self.books.catch_up()
        return f"{self.books.count:,} events taken"
