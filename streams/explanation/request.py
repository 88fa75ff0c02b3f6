"""What is to be explained: a fingerprint, by the execution that represents it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from runtime.redaction import Redactor
from schemas.placeholders import Statement, numbered, placeholder_values
from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution

_NOBODY = UUID(int=0)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationRequest:
    """The analysis of the representative execution; `findings` stand in the order that numbers their placeholders.

    `evidence` names the lines (1-based, first and last) that the findings quote. `shared` says that executions with
    other numbers and names have the same fingerprint, so that the explanation may hold none of its own.
    """

    tenant_id: str
    fingerprint: bytes
    os_type: str
    command: str
    command_template: str
    verdict: str
    summary: str
    output: str
    rules_version: str
    shared: bool
    status: str = "UNKNOWN"
    exit_code: int | None = None
    findings: tuple[Statement, ...] = ()
    evidence: tuple[tuple[int, int], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    event_id: UUID = _NOBODY
    requested_at: datetime = _LONG_AGO

    @property
    def key(self) -> bytes:
        """The message key of its request and its explanation."""
        return f"{self.tenant_id}/{self.fingerprint.hex()}".encode()

    @property
    def values(self) -> dict[str, str]:
        """What each placeholder stands for in the representative execution."""
        return placeholder_values(self.findings, self.facts)


def request_from(execution: Execution, analysis: Analysis) -> ExplanationRequest:
    """Return the request to explain an analysis that was made here."""
    statements = [
        (
            Statement(each.kind, each.severity.symbol, each.subject, each.line_start, each.facts),
            (each.line_start, each.line_end),
        )
        for each in analysis.findings
    ]
    return ExplanationRequest(
        tenant_id=execution.tenant_id,
        fingerprint=analysis.fingerprint,
        os_type=execution.os_type,
        command=execution.command,
        command_template=analysis.command_template,
        verdict=analysis.verdict,
        summary=analysis.summary,
        output=execution.output,
        rules_version=analysis.rules_version,
        shared=analysis.shareable,
        status=execution.status,
        exit_code=execution.exit_code,
        findings=tuple(numbered(statement for statement, _ in statements)),
        evidence=tuple(lines for _, lines in statements if lines[0]),
        facts=analysis.facts,
    )


def request_of(record: Mapping[str, Any]) -> ExplanationRequest:
    """Return the request that a decoded AnalysisRequested record holds."""
    findings = record["findings"]
    own = {name: record[name] for name in _SAME_NAMES}
    return ExplanationRequest(
        **own,
        findings=tuple(
            numbered(
                Statement(each["kind"], each["severity"], each["subject"], each["line_start"], each["facts"])
                for each in findings
            )
        ),
        evidence=tuple((each["line_start"], each["line_end"]) for each in findings if each["line_start"]),
    )


_SAME_NAMES = (
    "tenant_id", "fingerprint", "os_type", "command", "command_template", "verdict", "summary", "output",
    "rules_version", "shared", "status", "exit_code", "facts", "event_id", "requested_at",
)  # fmt: skip


def redacted(request: ExplanationRequest, redactor: Redactor) -> ExplanationRequest:
    """Return the request with every text of the device masked once more; lines stay the lines they are."""

    def mask(text: str) -> str:
        return redactor.redact(text).text

    def mask_all(facts: Mapping[str, str]) -> dict[str, str]:
        return {name: mask(value) for name, value in facts.items()}

    return replace(
        request,
        command=mask(request.command),
        command_template=mask(request.command_template),
        summary=mask(request.summary),
        output=mask(request.output),
        findings=tuple(
            replace(each, subject=mask(each.subject), facts=mask_all(each.facts)) for each in request.findings
        ),
        facts=mask_all(request.facts),
    )
