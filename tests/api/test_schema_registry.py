"""The registry's read paths, as Confluent's own client sees them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from schemas.catalog import released
from schemas.topics import ANALYZED
from tests.api.events import SCHEMA, record, value


@pytest.fixture
def registry(lonely: httpx.Client) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": str(lonely.base_url).rstrip("/")}) as client:
        yield client


def test_confluents_deserializer_decodes_our_messages(registry: SchemaRegistryClient) -> None:
    event = record(started_at=datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC))
    decoded = AvroDeserializer(registry)(value(event), SerializationContext(ANALYZED.name, MessageField.VALUE))
    assert decoded == event


def test_confluents_client_finds_every_released_version(registry: SchemaRegistryClient) -> None:
    assert set(registry.get_subjects()) == {schema.subject for schema in released()}
    for schema in released():
        assert schema.version in registry.get_versions(schema.subject)
        found = registry.get_version(schema.subject, schema.version)
        assert (found.schema_id, json.loads(found.schema.schema_str or "")) == (schema.schema_id, schema.definition)
        assert registry.get_schema(schema.schema_id).schema_type == "AVRO"
    assert registry.get_latest_version(SCHEMA.subject).schema_id == SCHEMA.schema_id
    assert registry.get_compatibility() == "FULL_TRANSITIVE"


def test_confluents_client_gets_confluents_errors(registry: SchemaRegistryClient) -> None:
    with pytest.raises(SchemaRegistryError) as unknown:
        registry.get_schema(4711)
    assert (unknown.value.http_status_code, unknown.value.error_code) == (404, 40403)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/schemas/ids/4711", 404, 40403),
        ("/schemas/ids/x", 404, 40403),
        ("/subjects/nope/versions", 404, 40401),
        ("/subjects/nope/versions/1", 404, 40401),
        ("/subjects/commands.analyzed-value/versions/99", 404, 40402),
        ("/subjects/commands.analyzed-value/versions/0", 422, 42202),
        ("/subjects/commands.analyzed-value/versions/newest", 422, 42202),
    ],
)
def test_errors_have_confluents_body(lonely: httpx.Client, path: str, status: int, code: int) -> None:
    answer = lonely.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert answer.json()["error_code"] == code


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/schemas/types", ["AVRO"]),
        ("/config", {"compatibilityLevel": "FULL_TRANSITIVE"}),
        ("/mode", {"mode": "READONLY"}),
        ("/schemas/ids/2/versions", [{"subject": "commands.analyzed-value", "version": 1}]),
        ("/subjects/commands.analyzed-value/versions", [1]),
    ],
)
def test_small_answers(lonely: httpx.Client, path: str, body: object) -> None:
    answer = lonely.get(path)
    assert answer.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert answer.json() == body
