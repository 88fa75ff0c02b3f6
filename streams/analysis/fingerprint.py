"""The name under which an explanation of an output may be shared."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from streams.analysis.execution import Execution
from streams.analysis.finding import Finding

_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?")

SCHEME: Final = "1"
"""The fingerprint's own version: a part of it, so that a change of the scheme shares nothing with the past."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What two executions must have in common to share an explanation."""

    execution: Execution
    command_template: str
    parser: str
    parser_version: str
    rules_version: str
    verdict: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]


def shared_fingerprint(identity: Identity) -> bytes:
    """Return the fingerprint of a parsed, non-empty output: its kinds of findings, not its names.

    Names (subjects) count by their order of appearance, numbers by their bucket. Compare only what the same
    parser and rules understood.
    """
    named = [("fact", f"{name}={_bucket(value, {})}") for name, value in sorted(identity.facts.items())]
    return _digest([*_common_fields(identity, "shared"), *_finding_fields(identity.findings), *named])


def exact_fingerprint(identity: Identity) -> bytes:
    """Return the fingerprint of this very output, for everything that was not fully understood."""
    execution = identity.execution
    own = [
        ("command", execution.command),
        ("status", execution.status),
        ("exit_code", str(execution.exit_code)),
        ("output", execution.output),
    ]
    return _digest([*_common_fields(identity, "exact"), *own])


def _common_fields(identity: Identity, form: str) -> list[tuple[str, str]]:
    return [
        ("scheme", SCHEME),
        ("form", form),
        ("tenant", identity.execution.tenant_id),
        ("os_type", identity.execution.os_type),
        ("command_template", identity.command_template),
        ("parser", identity.parser),
        ("parser_version", identity.parser_version),
        ("rules_version", identity.rules_version),
        ("verdict", identity.verdict),
        ("exit", "zero" if not identity.execution.exit_code else str(identity.execution.exit_code)),
        ("execution_status", identity.execution.status),
    ]


def _finding_fields(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    ordinals: dict[str, int] = {}
    for finding in findings:
        ordinals.setdefault(finding.subject, len(ordinals))
    described = sorted(
        (
            finding.kind,
            finding.severity.symbol,
            ordinals[finding.subject],
            *(f"{name}={_bucket(value, ordinals)}" for name, value in sorted(finding.facts.items())),
        )
        for finding in findings
    )
    return [("finding", repr(description)) for description in described]


def _bucket(value: str, ordinals: dict[str, int]) -> str:
    """Return a number's order of magnitude and leading digit; a word as it is, a subject as its ordinal."""
    if value in ordinals:
        return f"#{ordinals[value]}"
    if not _NUMBER.fullmatch(value) or float(value) in {0.0, 100.0}:
        return value
    return f"~{float(value):.0e}"


def _digest(fields: Iterable[tuple[str, str]]) -> bytes:
    """Hash tagged, length-prefixed fields, so that no two lists of fields run together to the same bytes."""
    state = blake2b(digest_size=16)
    for tag, value in fields:
        for part in (tag.encode(), value.encode("utf-8", "surrogatepass")):
            state.update(len(part).to_bytes(8, "big"))
            state.update(part)
    return state.digest()
