"""From a request's body to events: checked, then redacted, before anything else sees them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from api.errors import invalid, problems
from api.metrics import INGEST_REDACTIONS
from api.models.command import Status
from api.models.execution import Execution
from runtime.redaction import REDACTION_VERSION, Redactor
from schemas.event import CommandExecuted, new_event_id, output_digest

_ONE = TypeAdapter(Execution)
_SEVERAL = TypeAdapter(list[Execution])
_REDACTOR = Redactor()


def read_executions(body: bytes, *, most: int) -> Sequence[Execution]:
    """Return the executions a body holds: one object, or an array.

    Raises:
        ApiError: 422, it holds something else; no value of it is repeated in the error.

    """
    try:
        executions = _SEVERAL.validate_json(body) if body.lstrip()[:1] == b"[" else [_ONE.validate_json(body)]
    except ValidationError as error:
        raise invalid(
            "the body is not an execution or an array of them", details={"problems": problems(error)}
        ) from None
    if not 1 <= len(executions) <= most:
        problem = f"{len(executions)} events; 1 to {most} are taken at once"
        raise invalid(problem, details={"problems": [{"where": "body", "problem": problem}]})
    return executions


def to_event(execution: Execution, *, tenant: str, trace_id: str | None, now: datetime) -> CommandExecuted:
    """Return the event to publish.

    Raises:
        ApiError: 422, it belongs to another tenant.

    """
    if execution.tenant_id not in {None, tenant}:
        problem = "this API takes events of its own tenant only"
        raise invalid(problem, details={"problems": [{"where": "tenant_id", "problem": problem}]})
    command, output = _REDACTOR.redact(execution.command), _REDACTOR.redact(execution.output)
    labels = {name: _REDACTOR.redact(value) for name, value in execution.labels.items()}
    replaced = command.count + output.count + sum(label.count for label in labels.values())
    INGEST_REDACTIONS.inc(replaced)
    started, ended = _times(execution, now)
    return CommandExecuted(
        event_id=execution.event_id or new_event_id(),
        tenant_id=tenant,
        device_id=execution.device_id,
        hostname=execution.hostname or execution.device_id,
        agent_id=execution.agent_id,
        agent_version=execution.agent_version,
        user_id=execution.user_id,
        session_id=execution.session_id,
        sequence=execution.sequence,
        started_at=started,
        ended_at=ended,
        duration_us=_duration(execution, started, ended),
        trace_id=execution.trace_id or trace_id,
        labels={name: label.text for name, label in labels.items()},
        redaction_version=REDACTION_VERSION,
        redactions=execution.redactions + replaced,
        output_bytes=len(execution.output.encode()) if execution.output_bytes is None else execution.output_bytes,
        output_truncated=execution.output_truncated,
        output_sha256=output_digest(output.text),
        os_type=execution.os_type,
        command=command.text,
        status=execution.status or _status(execution.exit_code),
        exit_code=execution.exit_code,
        output=output.text,
    )


def _times(execution: Execution, now: datetime) -> tuple[datetime, datetime]:
    length = timedelta(microseconds=min(execution.duration_us or 0, _LONGEST_US))
    started = execution.started_at or ((execution.ended_at or now) - length)
    return started, execution.ended_at or started + length


def _duration(execution: Execution, started: datetime, ended: datetime) -> int:
    if execution.duration_us is not None:
        return execution.duration_us
    return max((ended - started) // timedelta(microseconds=1), 0)


def _status(exit_code: int | None) -> Status:
    if exit_code is None:
        return "UNKNOWN"
    return "OK" if exit_code == 0 else "FAILED"


_LONGEST_US = timedelta(days=366) // timedelta(microseconds=1)
