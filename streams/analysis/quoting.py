"""Choosing the lines that prove a finding."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from streams.analysis.document import Document
from streams.analysis.finding import Excerpt
from streams.analysis.json_records import Path, member_spans
from streams.analysis.parsers.parse import Row

_LONGEST_JSON_QUOTE: Final = 600
_LONGEST_ROW: Final = 200
_FARTHEST: Final = 8
_ERROR_WORDS: Final = r"(?:(?:input|output|rx|tx) )?(?:errors?|crc|fcs|overruns?)\b"


def quote_row(document: Document, row: Row, name: str, words: Sequence[str]) -> Excerpt:
    """Return the lines of a row that show its name and the words of its state.

    One line if it holds both, all lines between them if they stand close together, else the state's line.
    """
    if row.first == row.last:
        return document.quote(row.first)
    lines = range(row.first, min(row.last, row.first + _LONGEST_ROW) + 1)
    named = max(lines, key=_score(document, [name]))
    stated = max(lines, key=_score(document, [name, *words]))
    if not _score(document, words)(stated):
        stated = max(lines, key=_score(document, words))
    if named < stated <= named + _FARTHEST and not _score(document, [name])(stated):
        return document.quote(named, stated)
    return document.quote(stated)


def quote_count(document: Document, row: Row, count: int) -> Excerpt:
    """Return the line of a row that counts `count` errors."""
    counted = re.compile(rf"\b{count} {_ERROR_WORDS}", re.IGNORECASE)
    shown = re.compile(rf"(?<![\w./:]){count}(?![\w./:])")
    lines = range(row.first, min(row.last, row.first + _LONGEST_ROW) + 1)

    def score(number: int) -> int:
        line = document.lines[number]
        return 2 * (counted.search(line) is not None) + (shown.search(line) is not None)

    return document.quote(max(lines, key=score))


def _score(document: Document, words: Iterable[str]) -> Callable[[int], int]:
    """Return a function that counts how many of `words` a line holds, as whole words."""
    patterns = [re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)", re.IGNORECASE) for word in words if word]

    def count(number: int) -> int:
        return sum(pattern.search(document.lines[number]) is not None for pattern in patterns)

    return count


def quote_members(document: Document, paths: Iterable[tuple[Path, Path]]) -> list[Excerpt]:
    """Return one excerpt for each pair of JSON members (name, state).

    It reaches from the one to the other where they stand close together, else it is the state alone.
    A member that cannot be found again is quoted as the document's first line of text.
    """
    pairs = list(paths)
    text = document.text
    spans = member_spans(text, {path for pair in pairs for path in pair})
    return [_quote_pair(document, text, spans.get(name), spans.get(state)) for name, state in pairs]


def _quote_pair(document: Document, text: str, name: tuple[int, int] | None, state: tuple[int, int] | None) -> Excerpt:
    if state is None:
        return document.quote(document.first)
    start, end = state
    if name and max(end, name[1]) - min(start, name[0]) <= _LONGEST_JSON_QUOTE:
        start, end = min(start, name[0]), max(end, name[1])
    return document.quote_span(text, start, end)
