"""What the engine gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from streams.analysis.finding import Finding


class ParseStatus(StrEnum):
    """How far an output was understood.

    PARSED: a parser read the whole output. PARTIAL: a rule recognised it, or the parser saw a filtered
    part of it. UNPARSED: no parser is known for the command, or it found nothing. FAILED: the parser
    refused the output. TIMEOUT: it took longer than the deadline.
    """

    PARSED = "PARSED"
    PARTIAL = "PARTIAL"
    UNPARSED = "UNPARSED"
    FAILED = "FAILED"
    TIMEOUT = "TIMEOUT"


@dataclass(frozen=True, slots=True)
class Analysis:
    """The deterministic analysis of one execution: the same execution gives the same analysis.

    `fingerprint` (16 bytes) names what an explanation may be shared by. `verdict` is a severity's symbol
    or `unknown`. `summary` is one line. `facts` are the few numbers that matter, as text.
    `command_template` is the command with its arguments as placeholders. `shareable` says that outputs with
    other numbers and names may have the same fingerprint; else only this very output has it.
    """

    fingerprint: bytes
    parser: str
    parser_version: str
    parse_status: str
    rules_version: str
    verdict: str
    summary: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]
    command_template: str
    shareable: bool = False
