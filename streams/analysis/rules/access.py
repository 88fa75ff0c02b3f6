"""Refused permissions and authorisations."""

import re
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_REFUSED: Final = re.compile(
    r"(?:^|: )(?:Permission denied|Operation not permitted|Access denied)\b"
    r"|^\s*% ?(?:Authorization failed|Permission denied|Access denied)"
    r"|^(?:error: )?permission denied\b|\bmust be (?:run as )?root\b|\bare you root\?"
    r"|\bis not in the sudoers file\b|\b[Rr]oot privileges (?:are )?required\b|^Error: You need to be root\b"
    r"|\bsudo: a password is required\b",
    re.IGNORECASE,
)
_HINTS: Final = (
    "denied", "not permitted", "authorization failed", " root", "root privileges", "sudoers", "password is required"
)  # fmt: skip
_LONGEST_COMPLAINT: Final = 300


def _read(case: Case) -> Reading:
    """Look for the refusal as programs write it: `name: reason` at the end of a short line."""
    document = case.document
    if case.execution.status == "DENIED":
        return Reading((_finding(case, None),))
    hinted = document.lines_holding(_HINTS)
    if not hinted or (case.lists_text and not case.execution.exit_code):
        return NOTHING_READ
    for number in hinted:
        line = document.lines[number]
        if len(line) <= _LONGEST_COMPLAINT and _REFUSED.search(line):
            return Reading((_finding(case, number),))
    return NOTHING_READ


def _finding(case: Case, number: int | None) -> Finding:
    quote = case.document.last_words() if number is None else case.document.quote(number)
    return Finding.quoting(quote, "access.denied", Severity.WARNING, case.command.program)


FAMILY: Final = Family(
    name="access",
    rules=(
        Rule(
            kind="access.denied",
            severities=(Severity.WARNING,),
            threshold="permission or authorisation refused, or the execution's status is DENIED",
            platforms="all",
            description="The system or device refused what the command asked for.",
            phrase="{subject} was refused permission",
            example=Example("linux", "cat /etc/shadow", "cat: /etc/shadow: Permission denied\n", exit_code=1),
        ),
    ),
    read=_read,
)
