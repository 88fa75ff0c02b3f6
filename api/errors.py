"""Everything a client can be told to have gone wrong, in one shape.

The body is always `{"error": {"code", "message", "details"?, "request_id"}}`; see `api.models.error`.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from api.models.error import ErrorBody, ErrorEnvelope
from runtime.errors import TransientError
from runtime.log import get_logger
from schemas.errors import RegistryUnavailableError

log = get_logger(__name__)

RETRY_AFTER_SECONDS = 2


class ApiError(Exception):
    """An answer that is no success: HTTP status, a stable code, and a message that names the cure."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers


def not_found(message: str) -> ApiError:
    """Return the error for an identity under which nothing stands."""
    return ApiError(404, "not_found", message)


def invalid(message: str, *, details: Mapping[str, Any]) -> ApiError:
    """Return the error for a request that says something the endpoint does not take."""
    return ApiError(422, "invalid_request", message, details=details)


def unavailable(message: str) -> ApiError:
    """Return the error for a dependency that does not answer; the same request may succeed soon."""
    return ApiError(503, "unavailable", message, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def problems(error: ValidationError) -> list[dict[str, str]]:
    """Return what pydantic found as `{"where", "problem"}`, without the input's text."""
    return [
        {"where": ".".join(str(step) for step in item["loc"]) or "body", "problem": item["msg"]}
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def render(request: HTTPConnection, error: ApiError) -> Response:
    """Return an error as the response that clients get."""
    body = ErrorBody(
        code=error.code,
        message=error.message,
        details=dict(error.details) if error.details else None,
        request_id=request.scope.get("request_id", ""),
    )
    return JSONResponse(
        ErrorEnvelope(error=body).model_dump(mode="json", exclude_none=True),
        status_code=error.status,
        headers=dict(error.headers or {}),
    )


async def on_api_error(request: HTTPConnection, error: Exception) -> Response:
    """Answer an error that the API raised on purpose."""
    return render(request, error if isinstance(error, ApiError) else internal())


async def on_http_exception(request: HTTPConnection, error: Exception) -> Response:
    """Answer what Starlette raises: unknown paths, wrong methods, bodies past their limit."""
    if not isinstance(error, HTTPException):
        return render(request, internal())
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    return render(
        request,
        ApiError(error.status_code, code, _MESSAGES.get(error.status_code, phrase), headers=error.headers),
    )


async def on_transient(request: HTTPConnection, error: Exception) -> Response:
    """Answer a dependency's failure: its text goes to the log, not to the client."""
    log.warning("dependency_failed", error=str(error))
    return render(request, unavailable("a service behind the API does not answer; try again"))


def internal() -> ApiError:
    """Return the error for a defect; what it is stands in the log under the request id."""
    return ApiError(500, "internal_error", "an unexpected error occurred; the log has it under this request id")


_MESSAGES: Mapping[int, str] = {
    404: "no such path; /openapi.json lists them",
    405: "the path does not take this method; the Allow header lists those it takes",
    413: "the request body is larger than NETCOPILOT_API_BODY_LIMIT_BYTES",
}

HANDLED: Sequence[tuple[type[Exception], Any]] = (
    (ApiError, on_api_error),
    (HTTPException, on_http_exception),
    (TransientError, on_transient),
    (RegistryUnavailableError, on_transient),
)
