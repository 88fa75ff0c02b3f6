"""What a redaction rule is, and the shapes of values that the rules share.

Rules look at one line at a time, as UTF-8 bytes. Unless a rule asks for the original case, the line is in lower case
(ASCII letters only, so that offsets stay those of the original).
"""

import re
from dataclasses import dataclass
from functools import cached_property

MASKED = b"[redacted]"
"""The mask in lower case. Patterns match it as they match a secret, so that a redacted text reads like its original."""

_PLACEHOLDER = rb"(?!<[\w -]{0,30}>(?:[\s\"';,]|$)|\*{3,})"
"""No match where somebody else has hidden the secret: a `<removed>`, asterisks."""


def secret(pattern: bytes) -> bytes:
    """Return a pattern for a secret of the given shape, as a group."""
    return rb"(?:(\[redacted\]|\[REDACTED\])|" + _PLACEHOLDER + rb"(" + pattern + rb"))"


WORD = secret(rb"(?:\\[^\s\"']|[^\s\"'\\])*(?:\\[^\s\"']|[^\s\"'\\,;)}\]])")
"""An unquoted value; punctuation that closes the text around it does not belong to it."""

QUOTED = b"|".join(
    (rb"\\+\"" + secret(rb"[^\"\\\n]++"), rb"\"" + secret(rb"(?:[^\"\\\n]|\\.)++"), rb"'" + secret(rb"[^'\n]++"))
)
"""Alternatives for a value in quotes, escaped quotes included; the quotes stay."""

VALUE = rb"(?:" + QUOTED + rb"|" + WORD + rb")"
"""A quoted or unquoted value."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One shape of secrets.

    `hints` are lower-case literals of which at least one stands in every line that the rule can match: a text without
    them costs a substring search and nothing more. Rules share hints where they can, since each is searched for once.
    Of the pattern's groups the one that matched is the secret.
    """

    name: str
    hints: tuple[bytes, ...]
    source: bytes
    exact_case: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """The pattern, compiled when a text first needs it: most processes never need most rules."""
        return re.compile(self.source, re.MULTILINE)


def rule(name: str, hints: str, *parts: bytes) -> Rule:
    """Return a rule on lower-case lines; `hints` are separated by spaces, the parts are joined."""
    return Rule(name, tuple(hints.encode().split()), b"".join(parts))


def exact_rule(name: str, hints: str, *parts: bytes) -> Rule:
    """Return a rule on lines in their original case."""
    return Rule(name, tuple(hints.encode().split()), b"".join(parts), exact_case=True)
