"""One line that a network engineer would read first."""

from collections.abc import Sequence
from typing import Final

from streams.analysis.finding import UNKNOWN, Finding
from streams.analysis.rules.catalogue import RULE_BY_KIND

_LONGEST: Final = 200
_NAMED: Final = 3


def summarise(verdict: str, findings: Sequence[Finding], headlines: Sequence[str], template: str) -> str:
    """Return the worst findings in words, or the headline of what was found to be well."""
    if findings:
        return _shorten(_in_words(findings))
    if headlines:
        return _shorten("; ".join(headlines))
    subject = template or "empty command"
    if verdict == UNKNOWN:
        return _shorten(f"{subject}: output not understood, nothing can be said")
    return _shorten(f"{subject}: nothing to report")


def _in_words(findings: Sequence[Finding]) -> str:
    """Name the three worst findings, in the output's order among equals, and count the others."""
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    named = [_phrase(finding) for finding in ordered[:_NAMED]]
    rest = len(findings) - len(named)
    return "; ".join(named) + (f"; and {rest} more" if rest else "")


def _phrase(finding: Finding) -> str:
    return RULE_BY_KIND[finding.kind].phrase.format(subject=finding.subject, **finding.facts)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
