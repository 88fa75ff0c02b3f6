"""An output to analyse, as programs hand it in: a JSON object.

`os_type`, `command` and `output` say what was run where and what it wrote; `exit_code`, `status` and `tenant_id` may
follow, and `deadline_ms`, the milliseconds the analysis may take. What recordings commonly call otherwise is taken
too: `platform` for os_type, a `status` of 0 or 200 for OK and any other number for FAILED, an output that is no string
for the JSON document it is. Other fields are left alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast, get_args

from runtime.errors import DataError
from runtime.redaction import Redactor
from schemas.event import ExecutionStatus
from streams.analysis.execution import Execution

DEFAULT_TENANT: Final = "default"

_REDACTOR: Final = Redactor()
_STATUSES: Final = frozenset(get_args(ExecutionStatus))
_GOOD_NUMBERS: Final = frozenset({0, 200})


class RequestError(DataError):
    """The text is no request; `code` is a stable name for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """An execution, redacted, and the seconds its analysis may take where the request says so."""

    execution: Execution
    deadline: float | None


class RequestReader:
    """Reads requests; their executions are redacted."""

    def __init__(self, *, tenant: str = DEFAULT_TENANT) -> None:
        """`tenant` is that of requests that name none."""
        self._tenant = tenant

    def read(self, line: bytes) -> Request:
        """Return the request a line holds; bytes that are no UTF-8 are replaced.

        Raises:
            RequestError: the line is no request.

        """
        fields = _Fields(_parse(line))
        execution = Execution(
            tenant_id=fields.text("tenant_id") or self._tenant,
            os_type=fields.text("os_type") or fields.text("platform", required=True),
            command=fields.text("command", required=True),
            status=fields.status(),
            exit_code=fields.integer("exit_code"),
            output=fields.output(),
        )
        return Request(redacted(execution), fields.deadline())


def redacted(execution: Execution) -> Execution:
    """Return the execution without the secrets in its command and output."""
    command, output = _REDACTOR.redact(execution.command), _REDACTOR.redact(execution.output)
    return replace(execution, command=command.text, output=output.text)


def status_of(exit_code: int | None) -> ExecutionStatus:
    """Return what an exit code alone says of how an execution ended."""
    if exit_code is None:
        return "UNKNOWN"
    return "OK" if exit_code == 0 else "FAILED"


def _parse(line: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply, or a number too long"
        raise RequestError("invalid_json", f"no JSON: {reason}") from None
    if not isinstance(fields, dict):
        raise _invalid("no JSON object")
    return fields


def _invalid(message: str) -> RequestError:
    return RequestError("invalid_request", message)


class _Fields:
    """A request's fields, each read as what it must be."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._fields.get(name)
        if value is None and not required:
            return ""
        if value is None:
            raise _invalid(f"`{'os_type' if name == 'platform' else name}` is missing")
        if not isinstance(value, str):
            raise _invalid(f"`{name}` is no text")
        return value

    def output(self) -> str:
        value = self._fields.get("output")
        if value is None:
            raise _invalid("`output` is missing")
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str) -> int | None:
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise _invalid(f"`{name}` is no integer")
        return value

    def status(self) -> ExecutionStatus:
        value = self._fields.get("status")
        if value is None:
            return status_of(self.integer("exit_code"))
        if isinstance(value, str) and value in _STATUSES:
            return cast("ExecutionStatus", value)
        if isinstance(value, int):
            return "OK" if value in _GOOD_NUMBERS else "FAILED"
        raise _invalid("`status` is neither a number nor one of " + ", ".join(sorted(_STATUSES)))

    def deadline(self) -> float | None:
        milliseconds = self.integer("deadline_ms")
        if milliseconds is None:
            return None
        if milliseconds < 1:
            raise _invalid("`deadline_ms` is not above 0")
        return milliseconds / 1000
