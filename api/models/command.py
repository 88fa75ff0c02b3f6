"""A command execution as clients see it: in a list, and in full."""

from typing import Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from api.models.explanation import Explanation
from api.models.timestamp import Timestamp

Verdict = Literal["unknown", "ok", "info", "warning", "critical"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Status = Literal["UNKNOWN", "OK", "FAILED", "TIMEOUT", "DENIED"]
CacheStatus = Literal["UNKNOWN", "MISS", "HIT_OUTPUT", "HIT_FINGERPRINT", "BYPASS"]
ParseStatus = Literal["UNKNOWN", "PARSED", "PARTIAL", "UNPARSED", "FAILED", "TIMEOUT"]
FindingSource = Literal["UNKNOWN", "RULE", "LLM"]


class Finding(BaseModel):
    """A statement about an execution that a reader can check against its output."""

    kind: str = Field(description="What it says, as in interface.down.")
    severity: Verdict
    subject: str = Field(description="The thing concerned: an interface, a neighbour, a mount point.")
    evidence: str = Field(description="Verbatim excerpt of the output.")
    line_start: int = Field(description="First line of the evidence, from 1; 0 where the output has none.")
    line_end: int = Field(description="Last line of the evidence, inclusive.")
    facts: dict[str, str] = Field(description="The numbers the rule used.")
    source: FindingSource


class CommandItem(BaseModel):
    """An execution as lists and live streams carry it: everything but the output."""

    event_id: UUID
    tenant_id: str
    device_id: str
    hostname: str
    agent_id: str
    user_id: str
    session_id: str | None
    sequence: int = Field(description="Counts per agent; a gap is a loss.")
    started_at: Timestamp
    ended_at: Timestamp
    duration_us: int = Field(description="Microseconds, by a monotonic clock.")
    os_type: str
    command: str
    status: Status
    exit_code: int | None
    verdict: Verdict
    summary: str
    findings: list[Finding]
    cache_status: CacheStatus
    analysis_latency_us: int = Field(description="From the event's arrival to its analysis, microseconds.")
    output_bytes: int = Field(description="Bytes before truncation and redaction.")
    output_truncated: bool
    redactions: int = Field(description="Secrets replaced in command and output.")
    labels: dict[str, str]


class KafkaCoordinates(BaseModel):
    """Where the analysed event stands in its topic."""

    partition: int
    offset: int


class StoredCommand(CommandItem):
    """An execution with everything that its row holds."""

    output: str
    facts: dict[str, str] = Field(description="The few numbers that matter.")
    fingerprint: str = Field(description="32 hexadecimal digits; equal for executions that mean the same.")
    parser: str
    parser_version: str
    parse_status: ParseStatus
    rules_version: str
    command_template: str
    analyzed_at: Timestamp
    output_sha256: str
    trace_id: str | None
    agent_version: str
    redaction_version: str
    kafka: KafkaCoordinates


class CommandDetail(StoredCommand):
    """An execution in full."""

    explanation: Explanation


class CommandPage(BaseModel):
    """Executions, newest first."""

    items: list[CommandItem]
    next: str | None = Field(description="Cursor of the next page; null on the last.")
