"""From an execution to the event that is published: redacted, bounded, numbered."""

from collections.abc import Callable, Mapping

from producers import metrics
from producers.execution import Execution
from producers.identity import Identity
from producers.redaction import RememberingRedactor
from runtime.redaction import REDACTION_VERSION
from schemas.event import CommandExecuted, output_digest


class EventFactory:
    """Makes one identity's events. What it returns holds no secret that the redaction rules know."""

    def __init__(self, identity: Identity, *, next_sequence: Callable[[], int], output_limit: int) -> None:
        self._identity = identity
        self._next_sequence = next_sequence
        self._output_limit = output_limit
        self._redactor = RememberingRedactor()

    def make(
        self, execution: Execution, *, labels: Mapping[str, str] | None = None, trace_id: str | None = None
    ) -> CommandExecuted:
        """Return the execution's event; `labels` come on top of the identity's."""
        command = self._redactor.redact(execution.command)
        redacted = self._redactor.redact(execution.output.text)
        output = clip(redacted.text, self._output_limit)
        truncated = execution.output.truncated or len(output) < len(redacted.text)
        _count(execution, redactions=command.count + redacted.count, truncated=truncated)
        who = self._identity
        return CommandExecuted(
            tenant_id=who.tenant_id,
            device_id=who.device_id,
            hostname=who.hostname,
            agent_id=who.agent_id,
            agent_version=who.agent_version,
            user_id=who.user_id,
            session_id=who.session_id,
            sequence=self._next_sequence(),
            started_at=execution.started_at,
            ended_at=execution.ended_at,
            duration_us=execution.duration_us,
            trace_id=trace_id,
            labels={**who.labels, **(labels or {})},
            redaction_version=REDACTION_VERSION,
            redactions=command.count + redacted.count,
            output_bytes=execution.output.total_bytes,
            output_truncated=truncated,
            output_sha256=output_digest(output),
            os_type=execution.os_type,
            command=command.text,
            status=execution.status,
            exit_code=execution.exit_code,
            output=output,
        )


def clip(text: str, limit: int) -> str:
    """Return the text's head of `limit` UTF-8 bytes at most, in whole characters."""
    if len(text) * 4 <= limit:
        return text
    data = text.encode()
    return text if len(data) <= limit else data[:limit].decode("utf-8", "ignore")


def _count(execution: Execution, *, redactions: int, truncated: bool) -> None:
    metrics.REDACTIONS.inc(redactions)
    metrics.INVALID_TEXT.inc(execution.output.replaced)
    metrics.TRUNCATED.inc(truncated)
