"""How far each partition is done when its requests finish in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Partition:
    next_offset: int = 0
    committed: int = -1
    unfinished: set[int] = field(default_factory=set)

    @property
    def position(self) -> int:
        return min(self.unfinished, default=self.next_offset)


class Positions:
    """Offsets of requests under way; a partition is done up to its first unfinished one."""

    def __init__(self) -> None:
        self._partitions: dict[int, _Partition] = {}

    def begin(self, partition: int, offset: int) -> None:
        """Note that a request is under way."""
        state = self._partitions.setdefault(partition, _Partition())
        state.unfinished.add(offset)
        state.next_offset = max(state.next_offset, offset + 1)

    def finish(self, partition: int, offset: int) -> None:
        """Note that a request is done; one of a partition that was taken away counts for nothing."""
        if partition in self._partitions:
            self._partitions[partition].unfinished.discard(offset)

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop partitions that belong to another now."""
        for partition in partitions:
            self._partitions.pop(partition, None)

    def moved(self) -> Mapping[int, int]:
        """Return the partitions that came on since they were last committed, and to which offset."""
        return {
            number: state.position for number, state in self._partitions.items() if state.position > state.committed
        }

    def committed(self, positions: Mapping[int, int]) -> None:
        """Note what was committed."""
        for partition, offset in positions.items():
            if partition in self._partitions:
                self._partitions[partition].committed = offset
