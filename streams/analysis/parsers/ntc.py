"""Network CLIs through ntc-templates."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from streams.analysis.analysis import ParseStatus
from streams.analysis.document import Document
from streams.analysis.parsers.ntc_index import TEMPLATES
from streams.analysis.parsers.parse import Parse, Row
from streams.analysis.parsers.textfsm_table import TextFSMTable


class Template:
    """One entry of the index: a template, or several whose tables are joined."""

    def __init__(self, name: str) -> None:
        self._tables = tuple(_table(part) for part in name.split(":"))
        self.parser = f"ntc:{name.split(':', maxsplit=1)[0].removesuffix('.textfsm')}"

    def parse(self, document: Document) -> Parse:
        """Return the records that the template reads; raises what textfsm raises for text it refuses."""
        rows, strict = self._rows(document)
        return Parse(
            parser=self.parser,
            version=ntc_version(),
            status=ParseStatus.PARSED if rows or strict else ParseStatus.UNPARSED,
            read=[row.values for row in rows],
            rows=rows,
            understood=strict,
        )

    def _rows(self, document: Document) -> tuple[tuple[Row, ...], bool]:
        first, *others = self._tables
        rows = first.rows(document.stdout, document.first)
        if not others:
            return rows, first.strict
        joined = [dict(row.values) for row in rows]
        for table in others:
            _extend(joined, [row.values for row in table.rows(document.stdout, 0)], table.columns, first.keys)
        last = max(document.last - 1, 0)
        return tuple(Row(values, document.first, last) for values in joined), False


def _extend(
    rows: list[dict[str, Any]], others: Sequence[Mapping[str, Any]], columns: Sequence[str], keys: Sequence[str]
) -> None:
    """Add the `columns` that `rows` lack: from the first of `others` with the same keys, else "".

    As textfsm's `CliTable` joins tables; every joined template in the index has keys.
    """
    first_with: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for other in others:
        first_with.setdefault(tuple(other[key] for key in keys), other)
    for row in rows:
        other = first_with.get(tuple(row[key] for key in keys), {})
        row.update((column, other.get(column, "")) for column in columns if column not in row)


@cache
def open_template(name: str) -> Template:
    """Return the compiled template `name` of the index (there are about a thousand)."""
    return Template(name)


@cache
def _table(name: str) -> TextFSMTable:
    return TextFSMTable((TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def ntc_version() -> str:
    """Return the version of the installed ntc-templates."""
    return version("ntc-templates")
