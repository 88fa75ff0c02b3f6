"""A request to explain a fingerprint, as it is published."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from schemas import catalog, wire
from schemas.catalog import RegisteredSchema
from schemas.codec import encode
from schemas.event import new_event_id
from schemas.headers import Headers
from schemas.registry import Registry
from schemas.topics import ANALYSES_REQUESTED
from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution
from streams.caching.explanation_index import FingerprintName
from streams.driver.batch import Record
from streams.enrichment.outcome import Requested

MAX_OUTPUT_CHARACTERS = 256 << 10
"""More of an output is not sent: no prompt would hold it."""


@dataclass(frozen=True, slots=True)
class Representative:
    """The execution that shows a fingerprint, and its analysis."""

    record: Record
    event_id: UUID
    execution: Execution
    analysis: Analysis

    @property
    def name(self) -> FingerprintName:
        """The fingerprint it shows."""
        return FingerprintName(self.execution.tenant_id, self.analysis.fingerprint)


def request_schema(registry: Registry) -> RegisteredSchema:
    """Return the schema of requests.

    Raises:
        RegistryUnavailableError: the registry does not answer.

    """
    subject = ANALYSES_REQUESTED.subject
    return registry.register(subject, catalog.latest(subject).text)


def request_for(shown: Representative, schema: RegisteredSchema) -> Requested:
    """Return the request to explain what an execution shows."""
    now = datetime.now(UTC)
    value = wire.frame(schema.schema_id, encode(schema, _fields(shown, now)))
    return Requested(shown.name, value, _headers(shown, now))


def _fields(shown: Representative, now: datetime) -> dict[str, Any]:
    execution, analysis = shown.execution, shown.analysis
    return {
        "tenant_id": execution.tenant_id,
        "fingerprint": analysis.fingerprint,
        "requested_at": now,
        "event_id": shown.event_id,
        "os_type": execution.os_type,
        "command": execution.command,
        "command_template": analysis.command_template,
        "verdict": analysis.verdict,
        "summary": analysis.summary,
        "facts": analysis.facts,
        "output": execution.output[:MAX_OUTPUT_CHARACTERS],
        "rules_version": analysis.rules_version,
        "status": execution.status,
        "exit_code": execution.exit_code,
        "shared": analysis.shareable,
        "findings": [finding.record() for finding in analysis.findings],
    }


def _headers(shown: Representative, now: datetime) -> Headers:
    trace: Headers = [header for header in shown.record.headers if header[0] == "traceparent"]
    return [
        ("ce_type", b"netcopilot.analysis.requested"),
        ("ce_specversion", b"1.0"),
        ("ce_id", str(new_event_id()).encode()),
        ("ce_source", f"/tenants/{shown.execution.tenant_id}/executions/{shown.event_id}".encode()),
        ("ce_time", now.isoformat().encode()),
        ("content-type", b"application/avro"),
        *trace,
    ]
