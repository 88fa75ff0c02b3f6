"""Turning what a model wrote of one execution into words for all that share its fingerprint."""

import re
from collections.abc import Mapping, Sequence

from schemas.placeholders import PLACEHOLDER

_ORDINARY = re.compile(r"[a-z]+(?:[ -][a-z]+)*|.?")
"""A value that may be an ordinary word of a sentence, or is too short to be told from another number."""

_SUBJECT = re.compile(r"subject(?:_\d+)?")


def with_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each literal value replaced by the one placeholder that stands for it.

    A number that several placeholders stand for, or a value that may be an ordinary word, is left: grounding judges
    it. Findings of one subject are so in all executions that share a fingerprint: its first placeholder stands for it.
    """
    by_value = {value: names[0] for value, names in _names(values).items() if _stands_for_one(value, names)}
    if not by_value:
        return text
    longest_first = sorted(by_value, key=len, reverse=True)
    literal = re.compile(
        rf"{PLACEHOLDER.pattern}|(?<![\w./:-])(?P<value>{'|'.join(map(re.escape, longest_first))})(?![\w/:-]|\.\w)"
    )
    return literal.sub(lambda match: f"{{{by_value[match['value']]}}}" if match["value"] else match[0], text)


def _names(values: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, value in values.items():
        names.setdefault(value, []).append(name)
    return names


def _stands_for_one(value: str, names: Sequence[str]) -> bool:
    one_thing = len(names) == 1 or all(_SUBJECT.fullmatch(name) for name in names)
    return one_thing and not _ORDINARY.fullmatch(value)
