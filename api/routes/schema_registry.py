"""The event schemas under the paths of Confluent's Schema Registry, read-only.

Paths, bodies and error codes: Confluent documentation, "Schema Registry API Reference". Whoever has a Kafka tool
decodes the topics with this API as its registry URL.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schemas import catalog
from schemas.catalog import RegisteredSchema
from schemas.errors import UnknownSchemaError

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"

_COMPATIBILITY = "FULL_TRANSITIVE"


class _RegistryError(Exception):
    """An error as the registry's clients know it; the first three digits of the code are the HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def _answer(content: Any, *, status: int = 200) -> Response:
    return JSONResponse(content, status_code=status, headers={"Content-Type": MEDIA_TYPE})


def _endpoint(find: Callable[[Request], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return _answer(find(request))
        except _RegistryError as error:
            body = {"error_code": error.code, "message": error.message}
            return _answer(body, status=int(str(error.code)[:3]))

    return endpoint


def _schema(request: Request) -> dict[str, Any]:
    return {"schema": _by_id(request).text, "schemaType": "AVRO"}


def _schema_text(request: Request) -> Any:
    return _by_id(request).definition


def _schema_versions(request: Request) -> list[dict[str, Any]]:
    schema = _by_id(request)
    return [{"subject": schema.subject, "version": schema.version}]


def _schema_subjects(request: Request) -> list[str]:
    return [_by_id(request).subject]


def _types(_request: Request) -> list[str]:
    return ["AVRO"]


def _subjects(_request: Request) -> list[str]:
    return sorted({schema.subject for schema in catalog.released()})


def _versions(request: Request) -> list[int]:
    return [schema.version for schema in _of_subject(request)]


def _version(request: Request) -> dict[str, Any]:
    schema = _of_version(request)
    return {
        "subject": schema.subject,
        "version": schema.version,
        "id": schema.schema_id,
        "schemaType": "AVRO",
        "schema": schema.text,
    }


def _version_text(request: Request) -> Any:
    return _of_version(request).definition


def _config(_request: Request) -> dict[str, str]:
    return {"compatibilityLevel": _COMPATIBILITY}


def _mode(_request: Request) -> dict[str, str]:
    return {"mode": "READONLY"}


def _by_id(request: Request) -> RegisteredSchema:
    try:
        return catalog.by_id(int(request.path_params["id"]))
    except (ValueError, UnknownSchemaError):
        raise _RegistryError(40403, f"Schema {request.path_params['id']} not found") from None


def _of_subject(request: Request) -> Sequence[RegisteredSchema]:
    subject = request.path_params["subject"]
    found = [schema for schema in catalog.released() if schema.subject == subject]
    if not found:
        raise _RegistryError(40401, f"Subject '{subject}' not found.")
    return found


def _of_version(request: Request) -> RegisteredSchema:
    schemas, wanted = _of_subject(request), request.path_params["version"]
    if wanted in {"latest", "-1"}:
        return schemas[-1]
    if not wanted.isdecimal() or int(wanted) == 0:
        raise _RegistryError(
            42202,
            f"The specified version '{wanted}' is not a valid version id. "
            'Allowed values are between [1, 2^31-1] and the string "latest"',
        )
    for schema in schemas:
        if schema.version == int(wanted):
            return schema
    raise _RegistryError(40402, f"Version {wanted} not found.")


ROUTES = [
    Route(path, _endpoint(find), methods=["GET"])
    for path, find in (
        ("/schemas/types", _types),
        ("/schemas/ids/{id}", _schema),
        ("/schemas/ids/{id}/schema", _schema_text),
        ("/schemas/ids/{id}/versions", _schema_versions),
        ("/schemas/ids/{id}/subjects", _schema_subjects),
        ("/subjects", _subjects),
        ("/subjects/{subject}/versions", _versions),
        ("/subjects/{subject}/versions/{version}", _version),
        ("/subjects/{subject}/versions/{version}/schema", _version_text),
        ("/config", _config),
        ("/config/{subject}", _config),
        ("/mode", _mode),
        ("/mode/{subject}", _mode),
    )
]
