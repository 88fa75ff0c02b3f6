"""Whether every number that an agent gave to an event arrived, and each only once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sinks.verification.deliveries import EXAMPLES
from sinks.verification.ledger import Ledger
from sinks.verification.report import Check, Line, Status
from sinks.verification.selection import Selection

_QUESTION = "every number between an agent's first and last is one event"
_AGENTS_WITH_RANGES: Final = 200
"""Agents with gaps whose missing numbers are named; of others the count stands."""


@dataclass(slots=True)
class _Agent:
    """What is known of one agent's numbers."""

    tenant_id: str
    agent_id: str
    first: int
    last: int
    numbers: int
    """How many different ones were seen from first to last."""
    repeated: int = 0
    """Numbers under which one execution is two events."""
    reused: int = 0
    """Numbers that were given to two executions, as after a power cut."""
    repeats: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        return self.last - self.first + 1 - self.numbers


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Numbers that never came, and those that may still come."""

    lost: int = 0
    late: int = 0
    lost_ranges: tuple[str, ...] = ()
    late_ranges: tuple[str, ...] = ()


def check_sequences(ledger: Ledger, selection: Selection, *, now: datetime, grace: timedelta) -> Check:
    """Return a line for each agent that numbers its events.

    Rows, messages and dead letters count alike: a number that was seen anywhere is not missing. A gap counts as lost
    when the event after it is older than `grace`, because programs that share an agent's identity overtake each other.
    What an agent numbered before its first and after its last event here cannot be known.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it lacks tables or rights.

    """
    parameters = {**selection.parameters(), "settled_before": now - grace}
    agents = {(row[0], row[1]): _Agent(*row) for row in ledger.ask("agents", parameters)}
    for tenant_id, agent_id, repeated, reused, names in ledger.ask_in_shares("numbers_twice", parameters):
        agent = agents[tenant_id, agent_id]
        agent.repeated, agent.reused = agent.repeated + repeated, agent.reused + reused
        agent.repeats = (*agent.repeats, *map(str, names))[:EXAMPLES]
    unreadable = int(ledger.ask("unreadable", parameters)[0][0])
    gaps = _gaps_of(ledger, agents.values(), parameters)
    return Check(
        "sequences",
        _QUESTION,
        tuple(_line(agent, gaps.get(key, _Gaps(lost=agent.missing)), unreadable) for key, agent in agents.items()),
    )


def _gaps_of(ledger: Ledger, agents: Iterable[_Agent], parameters: Mapping[str, Any]) -> dict[tuple[str, str], _Gaps]:
    with_gaps = [agent for agent in agents if agent.missing]
    return {
        (agent.tenant_id, agent.agent_id): _gaps(ledger, agent, parameters) for agent in with_gaps[:_AGENTS_WITH_RANGES]
    }


def _gaps(ledger: Ledger, agent: _Agent, parameters: Mapping[str, Any]) -> _Gaps:
    its_own = {"its_tenant": agent.tenant_id, "its_agent": agent.agent_id, "first": agent.first, "last": agent.last}
    lost, late, lost_ranges, late_ranges = ledger.ask("gaps", {**parameters, **its_own})[0]
    return _Gaps(lost, late, _ranges(lost_ranges), _ranges(late_ranges))


def _ranges(pairs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(str(first) if first == last else f"{first}-{last}" for first, last in pairs)


def _line(agent: _Agent, gaps: _Gaps, unreadable: int) -> Line:
    return Line(
        f"{agent.tenant_id} / {agent.agent_id}",
        {
            Status.OK: agent.numbers - agent.repeated,
            Status.NOT_YET: gaps.late,
            Status.DUPLICATED: agent.repeated,
            Status.LOST: gaps.lost,
        },
        {
            Status.NOT_YET: gaps.late_ranges,
            Status.DUPLICATED: agent.repeats,
            Status.LOST: gaps.lost_ranges,
        },
        "; ".join(_notes(agent, gaps, unreadable)),
    )


def _notes(agent: _Agent, gaps: _Gaps, unreadable: int) -> Iterable[str]:
    yield f"{agent.first} to {agent.last}"
    if agent.reused:
        yield f"{agent.reused} numbers stand for two executions, as after a power cut or a recording played again"
    if gaps.lost and unreadable:
        yield f"{unreadable} dead letters cannot be read and may be among the missing"
