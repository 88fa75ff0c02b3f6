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
_COUNTED: Final = re.compile(r"\b(\d+) (?:(?:input|output|rx|tx) )?(?:errors?|crc|fcs|overruns?)\b")
_NUMBERS: Final = re.compile(r"(?<![\w./:])\d+(?![\w./:])")


def quote_row(document: Document, row: Row, name: str, words: Sequence[str]) -> Excerpt:
    """Return the lines of a row that show its name and the words of its state.

    One line if it holds both, all lines between them if they stand close together, else the state's line.
    """
    if row.first == row.last:
        return document.quote(row.first)
    lines = _lowered_lines(document, row)
    named_by, stated_by = _lowered([name]), _lowered(words)
    named = _best(lines, lambda line: _held(line, named_by))
    stated = _best(lines, lambda line: _held(line, named_by) + _held(line, stated_by))
    if not _held(lines[stated], stated_by):
        stated = _best(lines, lambda line: _held(line, stated_by))
    if named < stated <= named + _FARTHEST and not _held(lines[stated], named_by):
        return document.quote(row.first + named, row.first + stated)
    return document.quote(row.first + stated)


def quote_count(document: Document, row: Row, count: int) -> Excerpt:
    """Return the line of a row that counts `count` errors."""
    number = str(count)

    def score(line: str) -> int:
        if number not in line:
            return 0
        return 2 * (number in _COUNTED.findall(line)) + (number in _NUMBERS.findall(line))

    return document.quote(row.first + _best(_lowered_lines(document, row), score))


def _lowered_lines(document: Document, row: Row) -> list[str]:
    """Return a row's lines in lower case; of a long row the beginning counts."""
    lines = document.lines[row.first : min(row.last, row.first + _LONGEST_ROW) + 1]
    return [line.lower() for line in lines]


def _lowered(words: Iterable[str]) -> list[str]:
    return [word.lower() for word in words if word]


def _best(lines: Sequence[str], score: Callable[[str], int]) -> int:
    """Return the index of the first line with the highest score."""
    scores = list(map(score, lines))
    return scores.index(max(scores))


def _held(line: str, words: Iterable[str]) -> int:
    """Return how many of `words` the line holds as whole words; a pattern a word would have to be compiled."""
    return sum(_holds(line, word) for word in words)


def _holds(line: str, word: str) -> bool:
    start = line.find(word)
    while start >= 0:
        end = start + len(word)
        begins = start == 0 or not (_is_letter(line[start - 1]) or line[start - 1] == ".")
        if begins and (end == len(line) or not _is_letter(line[end])):
            return True
        start = line.find(word, start + 1)
    return False


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def quote_members(document: Document, paths: Iterable[tuple[Path, Path]]) -> list[Excerpt]:
    """Return one excerpt for each pair of JSON members (name, state).

    It reaches from the one to the other where they stand close together, else it is the state alone.
    A member that cannot be found again is quoted as the document's first line of text.
    """
    pairs = list(paths)
    text = document.stdout
    spans = member_spans(text, {path for pair in pairs for path in pair})
    return [_quote_pair(document, text, spans.get(name), spans.get(state)) for name, state in pairs]


def _quote_pair(document: Document, text: str, name: tuple[int, int] | None, state: tuple[int, int] | None) -> Excerpt:
    if state is None:
        return document.quote(document.first)
    start, end = state
    if name and max(end, name[1]) - min(start, name[0]) <= _LONGEST_JSON_QUOTE:
        start, end = min(start, name[0]), max(end, name[1])
    return document.quote_span(text, start, end)
