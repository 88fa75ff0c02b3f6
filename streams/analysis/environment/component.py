"""A fan, a power supply or a temperature sensor as an output shows it, and what its words mean."""

import re
from dataclasses import dataclass
from typing import Final

from streams.analysis.finding import Excerpt

_FAULT: Final = re.compile(
    r"(?<![\w-])(?:fail(?:ed|ure)?|fault(?:y|ed)?|bad(?:[- ]input|/off)?|no[- ]input(?: power)?|power[- ]?loss"
    r"|not[- ]?ok|nok|not[- ]powered|not ?supply|un-?powered|err-disabled?|is critical|abnormal|(?-i:ALARM)"
    r"|(?:critical|major|minor|warning)(?=\s+-?[\d.]+\s+(?:Celsius|C|RPM|m?[VAW])\b)"
    r"|over[- ]?(?:temp(?:erature)?|heat(?:ed)?)|(?:minor|major)[- ]?alarm|alarm(?= ?= ?1\b)"
    r"|shut ?down|insufficient fans|(?:(?<=state: )|(?<= is ))(?:red|yellow))(?![\w-])"
    r"(?! ?(?:0|no(?:ne)?)\b|\s*[:=]\s*(?:0|no(?:ne)?)\b)",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(
    r"(?<![\w-])(?:absent|empty|not[- ]?(?:present|inserted|installed))(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Component:
    """One part that is not well: `state` in the output's own words, absent if it says that the slot is empty."""

    name: str
    state: str
    quote: Excerpt
    is_absent: bool = False


def trouble(text: str) -> re.Match[str] | None:
    """Return the words of `text` that report a fault or an empty slot, None if there are none."""
    return _ABSENT.search(text) or _FAULT.search(text)


def reports_absence(words: str) -> bool:
    """Whether the words that `trouble` found say that a slot is empty."""
    return _ABSENT.fullmatch(words) is not None
