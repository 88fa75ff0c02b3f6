"""Placeholders of an explanation: names for what differs between executions that share a fingerprint.

The explanation of a fingerprint is a template such as `{subject} loses {loss_percent}% of its packets`. Each
execution fills it from its own findings and facts: those of the first finding under their plain names, those of the
n-th with the number behind them (`{subject_2}`, `{loss_percent_2}`), then the execution's own facts under the names
that are still free.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

NAME = re.compile(r"[a-z][a-z0-9_]*")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"[A-Za-z0-9][\w.:/@%,+-]*", re.ASCII)
_SEVERITIES = ("critical", "warning", "info", "ok", "unknown")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a placeholder may speak of: a finding without its evidence; `line` is where that begins."""

    kind: str
    severity: str
    subject: str
    line: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def words(statement: Statement) -> tuple[tuple[str, str], ...]:
    """Return the facts that are words, by name: a state says something else where it is another word."""
    return tuple((name, value) for name, value in sorted(statement.facts.items()) if not _NUMBER.fullmatch(value))


def numbered(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements in the order that numbers them: the worst first, then by kind, words and line.

    Two executions that share a fingerprint have statements of the same severity, kind and words at each number.
    """
    return sorted(
        statements,
        key=lambda each: (_SEVERITIES.index(each.severity), each.kind, words(each), each.line),
    )


def placeholder_values(statements: Iterable[Statement], facts: Mapping[str, str]) -> dict[str, str]:
    """Return what each placeholder stands for in one execution; facts whose names are no NAME have none."""
    values: dict[str, str] = {}
    for number, statement in enumerate(numbered(statements), start=1):
        suffix = "" if number == 1 else f"_{number}"
        for name, value in {"subject": statement.subject, **statement.facts}.items():
            if NAME.fullmatch(name):
                values.setdefault(name + suffix, value)
    for name, value in facts.items():
        if NAME.fullmatch(name):
            values.setdefault(name, value)
    return values


def placeholders_of(texts: Sequence[str]) -> set[str]:
    """Return the names of all placeholders in `texts`."""
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its placeholders replaced; one without a value stays as it is."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def fill_command(template: str, values: Mapping[str, str]) -> str | None:
    """Return a command with its placeholders replaced; None where one has no value that is a plain word.

    Values come from outputs: a word that begins like an option or holds what a shell reads is no argument.
    """
    names = placeholders_of([template])
    if all(_PLAIN_WORD.fullmatch(values.get(name, "")) for name in names):
        return fill(template, values)
    return None
