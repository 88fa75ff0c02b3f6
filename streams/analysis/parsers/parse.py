"""What a parser makes of an output."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from streams.analysis.analysis import ParseStatus


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table and the lines (0-based, inclusive, of the document) it was read from."""

    values: Mapping[str, Any]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Parse:
    """A parser's result.

    `parser` names library and template (`ntc:cisco_ios_ping`, `jc:df`, `json`), "" if there is none.
    `data` is exactly what the library returns. `rows` are the same records with their lines, for parsers
    that know them. `understood` is the proof that nothing in the output was passed over, so that an empty
    table counts as an answer.
    """

    parser: str
    version: str
    status: ParseStatus
    data: Any = None
    rows: tuple[Row, ...] = ()
    understood: bool = False


UNPARSED: Final = Parse(parser="", version="", status=ParseStatus.UNPARSED)
"""No parser is known for the command."""

TIMED_OUT: Final = Parse(parser="", version="", status=ParseStatus.TIMEOUT)
"""The time was over before a parser was asked."""
