"""Network CLIs through ntc-templates."""

import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import get_ident

import ntc_templates
from textfsm import clitable

from streams.analysis.analysis import ParseStatus
from streams.analysis.document import Document
from streams.analysis.parsers.parse import Parse, Row
from streams.analysis.parsers.textfsm_table import TextFSMTable

_TEMPLATES = Path(ntc_templates.__file__).parent / "templates"


def find_template(platform: str, command: str) -> str | None:
    """Return the index's template for `command` (abbreviations included) on an ntc-templates platform.

    The same row as textfsm's own look-up finds: the index's first whose platform and command match.
    """
    for pattern, template in _platform_index(platform):
        if pattern.match(command):
            return template
    return None


def load_template(template: str) -> None:
    """Compile `template` unless it is in the cache, so that parsing with it takes parsing's time only."""
    if ":" not in template:
        _table(template, get_ident())


def parse_with_template(template: str, document: Document) -> Parse:
    """Return the records that `template` reads; raises what textfsm raises for text it refuses."""
    rows, strict = _rows(template, document)
    return Parse(
        parser=f"ntc:{template.split(':', maxsplit=1)[0].removesuffix('.textfsm')}",
        version=ntc_version(),
        status=ParseStatus.PARSED if rows or strict else ParseStatus.UNPARSED,
        data=[row.values for row in rows],
        rows=rows,
        understood=strict,
    )


@lru_cache(maxsize=1)
def ntc_version() -> str:
    """Return the version of the installed ntc-templates."""
    return version("ntc-templates")


def _rows(template: str, document: Document) -> tuple[tuple[Row, ...], bool]:
    if ":" in template:
        return _merged_rows(template, document), False
    table = _table(template, get_ident())
    return table.rows(document.stdout, document.first), table.strict


def _merged_rows(templates: str, document: Document) -> tuple[Row, ...]:
    """Return the rows of several templates joined on their keys; textfsm's clitable knows how."""
    table = clitable.CliTable("index", str(_TEMPLATES))
    table.ParseCmd(document.stdout, templates=templates)
    columns = [name.lower() for name in table.header]
    last = max(document.last - 1, 0)
    return tuple(Row(dict(zip(columns, row, strict=True)), document.first, last) for row in table)


@lru_cache(maxsize=128)
def _table(template: str, _thread: int) -> TextFSMTable:
    """Return the compiled template of a thread: compiled templates hold state while they parse."""
    return TextFSMTable(_TEMPLATES / template)


@lru_cache(maxsize=64)
def _platform_index(platform: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    index = clitable.CliTable("index", str(_TEMPLATES)).index
    return tuple(
        (patterns["Command"], names["Template"])
        for patterns, names in zip(index.compiled, index.index, strict=True)
        if patterns["Platform"].match(platform)
    )
