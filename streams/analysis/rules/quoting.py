"""Choosing the lines that prove a finding."""

import re
from collections.abc import Iterable

from streams.analysis.document import Document
from streams.analysis.finding import Excerpt
from streams.analysis.json_records import Path, member_spans
from streams.analysis.parsers.parse import Row

_LONGEST_JSON_QUOTE = 600


def quote_row(document: Document, row: Row, *words: str) -> Excerpt:
    """Return the line of a row that holds most of `words`, the first of equals."""
    needles = [re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)", re.IGNORECASE) for word in words if word]
    scores = {
        number: sum(needle.search(document.lines[number]) is not None for needle in needles)
        for number in range(row.first, min(row.last, row.first + 200) + 1)
    }
    return document.quote(max(scores, key=lambda number: scores[number]))


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
