"""Dead letters as rows."""

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sinks.dlq.letter import Letter, Position
from sinks.dlq.opening import shown

_HEADINGS = ("position", "time", "stage", "from", "bytes", "replays", "reason")


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a letter."""

    time: datetime
    position: Position
    stage: str
    topic: str
    partition: int
    offset: int
    size: int
    replays: int
    reason: str

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """Return the row of a letter."""
        death = letter.death
        return cls(
            time=letter.time,
            position=letter.position,
            stage=shown(death.stage),
            topic=shown(death.topic),
            partition=death.partition,
            offset=death.offset,
            size=letter.size,
            replays=letter.replays,
            reason=shown(death.reason),
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, by _HEADINGS."""
        origin = f"{self.topic} {self.partition}:{self.offset}" if self.topic else "-"
        moment = f"{self.time:%Y-%m-%d %H:%M:%S}"
        return (str(self.position), moment, self.stage, origin, f"{self.size:,}", str(self.replays), self.reason)

    @property
    def as_json(self) -> str:
        """The row as a JSON object."""
        return json.dumps(
            {
                "position": str(self.position),
                "time": self.time.isoformat(),
                "stage": self.stage,
                "topic": self.topic,
                "partition": self.partition,
                "offset": self.offset,
                "bytes": self.size,
                "replays": self.replays,
                "reason": self.reason,
            }
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest of the letters, oldest first, and how many there are."""

    rows: Sequence[Row]
    total: int

    @classmethod
    def newest(cls, letters: Iterable[Letter], limit: int) -> Self:
        """Return the listing of `limit` letters; only as many are held in memory."""
        newest: list[tuple[datetime, Position, Row]] = []
        total = 0
        for total, letter in enumerate(letters, 1):
            row = Row.of(letter)
            (heapq.heappush if total <= limit else heapq.heappushpop)(newest, (row.time, row.position, row))
        return cls([row for _, _, row in sorted(newest)], total)

    @property
    def table(self) -> str:
        """The rows under their headings, and what is missing below them."""
        lines = [_HEADINGS, *(row.cells for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        rest = self.total - len(self.rows)
        return "\n".join([*text, *([f"{rest:,} older ones: narrow the choice, or raise --limit"] if rest else [])])

    @property
    def as_json(self) -> str:
        """A line with a JSON object for each row."""
        return "".join(row.as_json + "\n" for row in self.rows)


class Summary:
    """How many letters there are of each stage, topic and reason."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        self._counts = Counter(
            (letter.death.stage, letter.death.topic or "-", letter.death.reason) for letter in letters
        )

    @property
    def table(self) -> str:
        """A line for each, the most frequent first, then their sum."""
        rows = [
            f"{count:12,}  {shown(stage):10}  {shown(topic):20}  {shown(reason)}"
            for (stage, topic, reason), count in self._counts.most_common()
        ]
        return "\n".join([*rows, f"{self._counts.total():12,}  dead letters"])

    @property
    def as_json(self) -> str:
        """A line with a JSON object for each, the most frequent first."""
        return "".join(
            json.dumps({"stage": stage, "topic": topic, "reason": shown(reason), "count": count}) + "\n"
            for (stage, topic, reason), count in self._counts.most_common()
        )
