"""What a parser makes of an output."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    `read` is what it read, before any conversion of words to numbers. `rows` are the same records with
    their lines, for parsers that know them. `understood` is the proof that nothing in the output was passed
    over, so that an empty table counts as an answer.
    """

    parser: str
    version: str
    status: ParseStatus
    read: Any = None
    rows: tuple[Row, ...] = ()
    understood: bool = False
    convert: Callable[[], Any] | None = field(default=None, compare=False)

    @property
    def data(self) -> Any:
        """Exactly what the library returns, converted when it is asked for; may raise what the library raises."""
        return self.convert() if self.convert else self.read


UNPARSED: Final = Parse(parser="", version="", status=ParseStatus.UNPARSED)
"""No parser is known for the command."""

TIMED_OUT: Final = Parse(parser="", version="", status=ParseStatus.TIMEOUT)
"""The time was over before a parser was asked."""
