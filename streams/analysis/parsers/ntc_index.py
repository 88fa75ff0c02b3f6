"""The index of ntc-templates: which template reads which command of which platform.

textfsm's own `IndexTable` finds the same row, but compiles every pattern of every platform before the first look-up.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import ntc_templates

TEMPLATES: Final = Path(ntc_templates.__file__).parent / "templates"
_COMPLETION: Final = re.compile(r"\[\[(.+?)\]\]")


@lru_cache(maxsize=4096)
def find_template(platform: str, command: str) -> str | None:
    """Return the first row's template whose platform and command match, abbreviations included.

    Several templates whose tables are to be joined stand in one name, with colons between them.
    """
    return next((template for pattern, template in _commands(platform) if pattern.match(command)), None)


def templates_of(platform: str) -> Iterator[str]:
    """Yield the names of all templates for `platform`, in the order of the index."""
    return (template for _, template in _commands(platform))


@lru_cache(maxsize=64)
def _commands(platform: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_COMPLETION.sub(_completed, command)), template)
        for template, pattern, command in _rows()
        if re.match(pattern, platform)
    )


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    return tuple(_read_rows((TEMPLATES / "index").read_text(encoding="utf-8")))


def _read_rows(index: str) -> Iterator[tuple[str, str, str]]:
    """Yield template, platform and command of each row below the header."""
    lines = (line for line in index.split("\n") if line.strip() and not line.startswith("#"))
    next(lines)
    for line in lines:
        template, _, platform, command = (field.strip() for field in line.split(","))
        yield template, platform, command


def _completed(word: re.Match[str]) -> str:
    """Return the pattern of `[[abc]]`: any beginning of the word, `(a(b(c)?)?)?`."""
    return f"({'('.join(word[1])}{')?' * len(word[1])}"
