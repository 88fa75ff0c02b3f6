"""The name under which an explanation of an output may be shared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from schemas.placeholders import Statement, numbered
from streams.analysis.command_template import FILTER, SCRIPT
from streams.analysis.execution import Execution
from streams.analysis.fact_class import fact_classes
from streams.analysis.finding import Finding
from streams.analysis.shape import shape_of

SCHEME: Final = "2"
"""The fingerprint's own version: a part of it, so that a change of the scheme shares nothing with the past."""


class Understanding(StrEnum):
    """How much of an output is known, and so what may stand for it.

    READ: rules read all of it, findings and facts stand for it. PARSED: a parser read all of it, the shape of
    its data stands for what no rule knows. NONE: nothing stands for the output but itself.
    """

    READ = "read"
    PARSED = "parsed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Identity:
    """What two executions must have in common to share an explanation; `data` is what the parser returned."""

    execution: Execution
    command_template: str
    parser: str
    parser_version: str
    rules_version: str
    verdict: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]
    data: Any = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """16 bytes, and whether outputs with other numbers and names may have the same."""

    digest: bytes
    shareable: bool


def fingerprint(identity: Identity, understanding: Understanding) -> Fingerprint:
    """Return the fingerprint of an execution that was understood this far.

    Executions that share one have the same number of findings, and at each number that `placeholders.numbered`
    gives them the same kind, severity, words and classes of numbers, and subjects that are the same or differ
    alike: an explanation whose names and numbers are placeholders is as true of the one as of the other.
    """
    match understanding:
        case Understanding.READ:
            return Fingerprint(_digest("read", *_common(identity), *_statements(identity)), shareable=True)
        case Understanding.PARSED if (shape := shape_of(identity.data)) is not None:
            return Fingerprint(_digest("parsed", *_common(identity), *_statements(identity), *shape), shareable=True)
        case _:
            return Fingerprint(_digest("exact", *_common(identity), *_own(identity.execution)), shareable=False)


def _common(identity: Identity) -> tuple[str, ...]:
    execution = identity.execution
    return (
        SCHEME,
        execution.tenant_id,
        execution.os_type,
        *_asked(identity),
        identity.parser,
        identity.parser_version,
        identity.rules_version,
        identity.verdict,
        str(execution.exit_code or 0),
        execution.status,
    )


def _asked(identity: Identity) -> tuple[str, ...]:
    """Return the command's template; with the command itself where that decides what is missing from the output."""
    template = identity.command_template
    return (template, identity.execution.command) if SCRIPT in template or FILTER in template else (template,)


def _own(execution: Execution) -> tuple[str, str]:
    output = blake2b(execution.output.encode("utf-8", "surrogatepass"), digest_size=16)
    return execution.command, output.hexdigest()


def _statements(identity: Identity) -> Iterator[str]:
    """Yield each finding in the order that numbers it, then what the execution's own facts say.

    Subjects count by the order of their first appearance: that two findings concern one thing may be said.
    """
    ordinals: dict[str, int] = {}
    for statement in numbered(map(_statement, identity.findings)):
        ordinal = ordinals.setdefault(statement.subject, len(ordinals))
        yield repr((statement.kind, statement.severity, ordinal, *fact_classes(statement)))
    yield from fact_classes(Statement("", identity.verdict, "", facts=identity.facts))


def _statement(finding: Finding) -> Statement:
    return Statement(finding.kind, finding.severity.symbol, finding.subject, finding.line_start, finding.facts)


def _digest(*fields: str) -> bytes:
    """Hash the fields so that no two lists of them run together to the same bytes."""
    return blake2b(repr(fields).encode(), digest_size=16).digest()
