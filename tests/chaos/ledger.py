"""Holds what the agents took against what became of it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from tests.chaos.census import Census


@dataclass(frozen=True, slots=True)
class Account:
    """Every event that was taken or is somewhere, accounted for."""

    taken: int
    """Events that the agents know they took."""
    visible: int
    """Events that readers see."""
    dead: int
    """Events that were taken and are in the dead letters only."""
    lost: Mapping[UUID, str]
    """Events that were taken and that readers do not see, nor in the dead letters: where they were seen last."""
    seen_twice: tuple[UUID, ...]
    """Events that readers see more than once."""
    unacknowledged: int
    """Events that arrived though their agent died before it knew that it had taken them."""
    repeated: Mapping[str, int]
    """Copies too many, by place; readers do not see them."""

    @property
    def is_balanced(self) -> bool:
        """Whether nothing is lost and nothing is visible twice."""
        return not self.lost and not self.seen_twice


def balance(taken: Collection[UUID], census: Census) -> Account:
    """Account for every event."""
    mine = set(taken)
    hidden = mine - census.visible.keys()
    dead = {event_id for event_id in hidden if event_id in census.dead}
    return Account(
        taken=len(mine),
        visible=len(census.visible),
        dead=len(dead),
        lost={event_id: _last_seen(event_id, census) for event_id in sorted(hidden - dead)},
        seen_twice=tuple(sorted(event_id for event_id, count in census.visible.items() if count > 1)),
        unacknowledged=len(census.visible.keys() - mine),
        repeated={
            "commands.executed": _too_many(census.executed),
            "commands.analyzed": _too_many(census.analyzed),
            "rows": _too_many(census.rows),
        },
    )


def _too_many(counts: Mapping[UUID, int]) -> int:
    return Counter(counts).total() - len(counts)


def _last_seen(event_id: UUID, census: Census) -> str:
    places = {"the table": census.rows, "commands.analyzed": census.analyzed, "commands.executed": census.executed}
    return next((name for name, counts in places.items() if event_id in counts), "no topic")
