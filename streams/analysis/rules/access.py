"""Refused permissions and authorisations."""

import re
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_REFUSED: Final = re.compile(
    # As programs say it: `name: reason`, the reason last or followed by a remark.
    r"(?:^|: )[\"']?(?:error: )?(?:Permission denied|Operation not permitted|Access denied|Not authorized)"
    r"(?=\s*(?:$|[.,;:()\[\]\"']))|\bgot permission denied while\b|^(?:error: )?permission denied\b"
    r"|^Error from server \(Forbidden\)"
    # As network systems say it.
    r"|^\s*% ?(?:Authorization failed|Permission denied|Access denied|This command is not authorized)"
    r"|\bcommand authorization failed\b|\bauthorization denied for command\b|^not enough permissions\b"
    r"|\binsufficient privileges?\b"
    # As tools say it that only root may use.
    r"|\b(?:must|need to) be (?:run as )?(?:root|superuser)\b|\bare you root\?|\bonly root (?:can|may)\b"
    r"|\broot privileges (?:are )?required\b|\brequires? (?:root|superuser|administrator) privileges\b"
    r"|\bhas to be run (?:under the root|with superuser|as root)\b|\byou (?:do not|don't) have permissions?\b"
    r"|\bis not in the sudoers file\b|\bis not allowed to (?:execute|run sudo)\b"
    r"|^sudo: a (?:password|terminal) is required\b|^Access is denied\.|\bInteractive authentication required\b",
    re.IGNORECASE,
)
_HINTS: Final = (
    "denied", "not permitted", "authoriz", "forbidden", "superuser", "sudo", "is required", "privilege", "permission",
    "authentication required",
)  # fmt: skip
# Lists of processes and files hold `root` in every line.
_HINTS_AT_ROOT: Final = ("be root", "as root", "you root", "only root", "the root")
# A long answer went on without what was refused: programs say so line by line.
_HINTS_IN_LONG: Final = ("denied", "not permitted")
_LONG: Final = 10_000
_LOG_LINE: Final = re.compile(
    r"^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\*?\d{6}: )"
)
_LONGEST_COMPLAINT: Final = 300


def _read(case: Case) -> Reading:
    """Look for a short line that refuses; log lines tell of others' refusals."""
    document = case.document
    if case.execution.status == "DENIED":
        return Reading((_finding(case, None),))
    hinted = document.lines_holding(_hints(document))
    if not hinted or (case.lists_text and not case.execution.exit_code):
        return NOTHING_READ
    for number in hinted:
        line = document.lines[number]
        if len(line) <= _LONGEST_COMPLAINT and _REFUSED.search(line) and not _LOG_LINE.match(line):
            return Reading((_finding(case, number),))
    return NOTHING_READ


def _hints(document: Document) -> tuple[str, ...]:
    if len(document.text) > _LONG:
        return _HINTS_IN_LONG
    return (*_HINTS, *_HINTS_AT_ROOT) if document.holds_any(("root",)) else _HINTS


def _finding(case: Case, number: int | None) -> Finding:
    quote = case.document.last_words() if number is None else case.document.quote(number)
    return Finding.quoting(quote, "access.denied", Severity.WARNING, case.asked)


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
