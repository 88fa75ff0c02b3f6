"""The OpenAPI 3.1 document, made from the endpoints and their models.

Format: OpenAPI Specification 3.1.1; its schemas are JSON Schema 2020-12, which is what pydantic writes.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.endpoint import Answer, Endpoint, PathParameter
from api.models.error import ErrorEnvelope
from api.parameters import Parameters

Json = dict[str, Any]

_REFERENCES = "#/components/schemas/{model}"
_TAGS: Mapping[str, str] = {
    "history": "What was executed, with its analysis.",
    "analysis": "Analyses of outputs at hand.",
    "suggestions": "What to type next.",
    "live": "What is executed now. The same events come over the WebSocket `/ws/commands` as JSON text frames.",
    "ingest": "For agents that do not reach Kafka.",
    "statistics": "Counts.",
    "devices": "Who reports.",
    "operation": "For supervisors and Prometheus.",
}


def document(endpoints: Iterable[Endpoint], *, version: str) -> Json:
    """Return the document that describes the endpoints."""
    endpoints = list(endpoints)
    references, components = _components(endpoints)
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, references)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "netcopilot",
            "version": version,
            "summary": "Command executions of network devices and hosts, analysed.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {"schemas": components},
    }


def _components(endpoints: Iterable[Endpoint]) -> tuple[Mapping[type[BaseModel], Json], Json]:
    models: dict[type[BaseModel], JsonSchemaMode] = {ErrorEnvelope: "serialization"}
    for endpoint in endpoints:
        models |= dict.fromkeys((*endpoint.body, *endpoint.items), "validation")
        models |= {answer.model: "serialization" for answer in endpoint.answers.values() if answer.model}
    keyed, definitions = models_json_schema(list(models.items()), ref_template=_REFERENCES)
    references = {model: keyed[model, mode] for model, mode in models.items()}
    return references, definitions["$defs"]


def _operation(endpoint: Endpoint, references: Mapping[type[BaseModel], Json]) -> Json:
    operation: Json = {
        "operationId": endpoint.handler.__name__,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": inspect.getdoc(endpoint.handler) or "",
        "parameters": [
            *(_parameter(parameter, "path") for parameter in endpoint.path_parameters),
            *(_parameter(parameter, "header") for parameter in endpoint.header_parameters),
            *_query(endpoint.query),
        ],
        "responses": _responses(endpoint, references),
    }
    if endpoint.body:
        operation["requestBody"] = _body(endpoint, references)
    return operation


def _parameter(parameter: PathParameter, place: str) -> Json:
    return {
        "name": parameter.name,
        "in": place,
        "required": place == "path",
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }


def _query(model: type[Parameters] | None) -> list[Json]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=_REFERENCES)
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field.get("description", ""),
            "schema": _query_schema(field),
        }
        for name, field in schema["properties"].items()
    ]


def _query_schema(field: Mapping[str, Any]) -> Json:
    """Return a parameter's schema; what is null in the model is an absent parameter."""
    given = [option for option in field.get("anyOf", ()) if option != {"type": "null"}]
    schema = {**field, **given[0]} if len(given) == 1 else dict(field)
    dropped = {"description", "title"} | ({"anyOf", "default"} if given else set())
    return {key: value for key, value in schema.items() if key not in dropped}


def _body(endpoint: Endpoint, references: Mapping[type[BaseModel], Json]) -> Json:
    arrays = ({"type": "array", "minItems": 1, "items": references[model]} for model in endpoint.items)
    schema = {"anyOf": [*(references[model] for model in endpoint.body), *arrays]}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _responses(endpoint: Endpoint, references: Mapping[type[BaseModel], Json]) -> Json:
    responses = {str(status): _response(answer, references) for status, answer in endpoint.answers.items()}
    for status, description in endpoint.errors.items():
        responses[str(status)] = _response(Answer(description=description, model=ErrorEnvelope), references)
    return responses


def _response(answer: Answer, references: Mapping[type[BaseModel], Json]) -> Json:
    schema = references[answer.model] if answer.model else {"type": "string"}
    return {"description": answer.description, "content": {answer.media_type: {"schema": schema}}}
