"""An output to analyse, as programs hand it in: a JSON object.

`os_type`, `command` and `output` say what was run where and what it wrote (`schemas.execution_fields` tells how they
may be written); `exit_code`, `status` and `tenant_id` may follow, and `deadline_ms`, the milliseconds that the analysis
may take.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from runtime.errors import DataError
from runtime.redaction import Redactor
from schemas.execution_fields import ExecutionFields
from streams.analysis.execution import Execution

DEFAULT_TENANT: Final = "default"

_REDACTOR: Final = Redactor()


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
        fields = ExecutionFields(_parse(line), error=_invalid)
        execution = Execution(
            tenant_id=fields.text("tenant_id") or self._tenant,
            os_type=_os_type(fields),
            command=fields.required("command"),
            status=fields.status(),
            exit_code=fields.integer("exit_code"),
            output=_output(fields),
        )
        return Request(redacted(execution), _deadline(fields))


def redacted(execution: Execution) -> Execution:
    """Return the execution without the secrets in its command and output."""
    command, output = _REDACTOR.redact(execution.command), _REDACTOR.redact(execution.output)
    return replace(execution, command=command.text, output=output.text)


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


def _deadline(fields: ExecutionFields) -> float | None:
    milliseconds = fields.integer("deadline_ms")
    if milliseconds is None:
        return None
    if milliseconds < 1:
        raise _invalid("`deadline_ms` is not above 0")
    return milliseconds / 1000


def _os_type(fields: ExecutionFields) -> str:
    return fields.os_type() or fields.required("os_type")


def _output(fields: ExecutionFields) -> str:
    output = fields.output()
    if output is None:
        raise _invalid("`output` is missing")
    return output
