"""Recorded executions: JSON objects, one a line.

Fields are CommandExecuted's own (`schemas.execution_fields` tells how they may be written); where recordings commonly
call them otherwise, that name does too: `timestamp` (milliseconds since the Unix epoch) for ended_at, `hostname` for
device_id, `namespace` becomes a label. Times are ISO 8601 or microseconds since the epoch.
"""

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

from producers.errors import RecordingError
from producers.events import clip
from producers.identity import Identity
from runtime.redaction import REDACTION_VERSION, Redactor
from schemas.event import EPOCH, CommandExecuted, output_digest
from schemas.execution_fields import ExecutionFields


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a recording and its number, from 1."""

    number: int
    text: bytes


def open_recording(name: str) -> AbstractContextManager[BinaryIO]:
    """Open a recording: a path, gzip-compressed where it says so itself, or `-` for standard input."""
    if name == "-":
        return nullcontext(sys.stdin.buffer)
    with Path(name).open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(name, "rb")) if compressed else Path(name).open("rb")


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines that are not blank."""
    for number, text in enumerate(stream, 1):
        if text.strip():
            yield Line(number, text)


class RecordingReader:
    """Makes events of a recording's lines, under the identity of the one who loads it."""

    def __init__(self, identity: Identity, *, next_sequence: Callable[[], int], output_limit: int) -> None:
        self._identity = identity
        self._next_sequence = next_sequence
        self._output_limit = output_limit
        self._redactor = Redactor()

    def read(self, line: bytes) -> CommandExecuted:
        """Return the line's event, redacted; one that brings its own agent keeps its sequence.

        Raises:
            RecordingError: the line is no execution.

        """
        row = _Row(_parse(line))
        command = self._redactor.redact(row.required("command"))
        full_output = row.output() or ""
        redacted = self._redactor.redact(full_output)
        output = clip(redacted.text, self._output_limit)
        event = self._who(row)
        ended_at = row.ended_at()
        started_at = row.time("started_at") or ended_at
        return replace(
            event,
            started_at=started_at,
            ended_at=ended_at,
            duration_us=row.integer("duration_us") or (ended_at - started_at) // timedelta(microseconds=1),
            redaction_version=REDACTION_VERSION,
            redactions=(row.integer("redactions") or 0) + command.count + redacted.count,
            output_bytes=row.integer("output_bytes") or len(full_output.encode()),
            output_truncated=row.flag("output_truncated") or len(output) < len(redacted.text),
            output_sha256=output_digest(output),
            os_type=row.os_type(),
            command=command.text,
            status=row.status(),
            exit_code=row.integer("exit_code"),
            output=output,
            sequence=self._sequence(row),
        )

    def _who(self, row: "_Row") -> CommandExecuted:
        who = self._identity
        labels = {**who.labels, **row.labels()}
        event = CommandExecuted(
            tenant_id=row.text("tenant_id") or who.tenant_id,
            device_id=row.text("device_id") or row.text("hostname") or who.device_id,
            hostname=row.text("hostname") or row.text("device_id") or who.hostname,
            agent_id=row.text("agent_id") or who.agent_id,
            agent_version=row.text("agent_version") or who.agent_version,
            user_id=row.text("user_id") or who.user_id,
            session_id=row.text("session_id") or who.session_id,
            trace_id=row.text("trace_id") or None,
            labels=labels,
        )
        event_id = row.uuid("event_id")
        return event if event_id is None else replace(event, event_id=event_id)

    def _sequence(self, row: "_Row") -> int:
        own = row.integer("sequence") if row.text("agent_id") else None
        return self._next_sequence() if own is None else own


def _parse(line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "not UTF-8"
        raise RecordingError(f"no JSON: {reason}") from None
    if not isinstance(row, dict):
        raise RecordingError("no JSON object")
    return row


class _Row(ExecutionFields):
    """A line's fields, also those that only recordings have."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields, error=RecordingError)

    def uuid(self, name: str) -> UUID | None:
        value = self.text(name)
        try:
            return UUID(value) if value else None
        except ValueError:
            raise RecordingError(f"`{name}` is no UUID") from None

    def labels(self) -> dict[str, str]:
        namespace = self.text("namespace")
        return {**({"namespace": namespace} if namespace else {}), **self.texts("labels")}

    def ended_at(self) -> datetime:
        if (ended_at := self.time("ended_at")) is not None:
            return ended_at
        milliseconds = self.integer("timestamp")
        if milliseconds is None:
            return self.time("started_at") or datetime.now(UTC)
        return _after_epoch("timestamp", milliseconds * 1000)

    def time(self, name: str) -> datetime | None:
        value = self.value(name)
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                raise RecordingError(f"`{name}` is no ISO 8601 time") from None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        microseconds = self.integer(name)
        return None if microseconds is None else _after_epoch(name, microseconds)


def _after_epoch(name: str, microseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise RecordingError(f"`{name}` is out of range") from None
