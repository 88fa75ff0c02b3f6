"""The parts of an output that a model is shown: all of it, or what decides where it is long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

_LONGEST_LINE = 400
_AROUND = 2
"""Lines shown before and after evidence."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines by their numbers (1-based, ascending), and how many the output has."""

    lines: tuple[tuple[int, str], ...]
    total: int

    @property
    def left_out(self) -> int:
        """How many lines are not shown."""
        return self.total - len(self.lines)

    def numbered(self) -> str:
        """Return the lines with their numbers in front, and a mark where lines are left out."""
        return "\n".join(self._rows())

    def _rows(self) -> Iterator[str]:
        expected = 1
        for number, text in self.lines:
            if number > expected:
                yield f"({number - expected} lines left out)"
            yield f"{number}| {text}"
            expected = number + 1
        if expected <= self.total:
            yield f"({self.total - expected + 1} lines left out)"


def excerpt(output: str, evidence: Sequence[tuple[int, int]], *, budget: int) -> Excerpt:
    """Return as much of `output` as `budget` characters hold: the evidence, then head and tail towards the middle.

    `evidence` are first and last lines, 1-based. Lines are cut at 400 characters.
    """
    lines = [_cut(line) for line in output.rstrip("\n").split("\n")]
    chosen: set[int] = set()
    left = budget
    for number in chain(_windows(evidence, len(lines)), _from_both_ends(len(lines))):
        if number in chosen:
            continue
        left -= len(lines[number - 1]) + len(str(number)) + 3
        if left < 0:
            break
        chosen.add(number)
    return Excerpt(tuple((number, lines[number - 1]) for number in sorted(chosen)), len(lines))


def _windows(evidence: Sequence[tuple[int, int]], total: int) -> Iterator[int]:
    for first, last in evidence:
        yield from range(max(first, 1), min(last, total) + 1)
    for first, last in evidence:
        yield from range(max(first - _AROUND, 1), min(last + _AROUND, total) + 1)


def _from_both_ends(total: int) -> Iterator[int]:
    """Yield line numbers from both ends, two of the head for one of the tail: heads hold the columns' names."""
    tail_begins = total - total // 3
    head, tail = iter(range(1, tail_begins + 1)), iter(range(total, tail_begins, -1))
    for one, two, end in zip_longest(head, head, tail):
        yield from (number for number in (one, two, end) if number is not None)


def _cut(line: str) -> str:
    clean = "".join(character if character.isprintable() or character == "\t" else " " for character in line)
    return clean if len(clean) <= _LONGEST_LINE else clean[:_LONGEST_LINE] + " (cut)"
