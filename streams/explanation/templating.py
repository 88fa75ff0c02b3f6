"""Turning what a model wrote of one execution into words for all that share its fingerprint."""

import re
from collections import Counter
from collections.abc import Mapping

from schemas.placeholders import PLACEHOLDER

_ORDINARY = re.compile(r"[a-z]+(?:[ -][a-z]+)*|.?")
"""A value that may be an ordinary word of a sentence, or is too short to be told from another number."""


def with_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each literal value replaced by the one placeholder that stands for it.

    A value that several placeholders stand for, or that may be an ordinary word, is left: grounding judges it.
    """
    counts = Counter(values.values())
    by_value = {value: name for name, value in values.items() if counts[value] == 1 and not _ORDINARY.fullmatch(value)}
    if not by_value:
        return text
    longest_first = sorted(by_value, key=len, reverse=True)
    literal = re.compile(
        rf"{PLACEHOLDER.pattern}|(?<![\w./:-])(?P<value>{'|'.join(map(re.escape, longest_first))})(?![\w/:-]|\.\w)"
    )
    return literal.sub(lambda match: f"{{{by_value[match['value']]}}}" if match["value"] else match[0], text)
