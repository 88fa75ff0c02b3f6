"""Several versions of an event's schema in one partition: each row has what its writer knew, and defaults elsewhere."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from runtime.reject_ratio import RejectRatio
from runtime.settings import RejectSettings
from schemas import catalog, codec, wire
from schemas.catalog import RegisteredSchema
from schemas.errors import RegistryUnavailableError
from schemas.registry import PackageRegistry
from sinks.block import Block, Place
from sinks.bundle import InsertLimits
from sinks.deadletters import DeadLetters, Rejection
from sinks.delivery import Delivery
from sinks.feed import ANALYSES_FEED, COMMANDS_FEED, Feed
from sinks.retry import Retry
from sinks.store import Store
from tests.sinks.events import ANALYZED, TOPIC_ID, message, record

NEWER_ID, OTHER_ID, PROTOBUF_ID = 501, 502, 503


class Registry(PackageRegistry):
    """One that knows schemas of a later release too, and answers at the second try only."""

    def __init__(self, *schemas: RegisteredSchema) -> None:
        self._schemas = {schema.schema_id: schema for schema in schemas}
        self.asked = 0

    def by_id(self, schema_id: int) -> RegisteredSchema:
        if schema_id not in self._schemas:
            return super().by_id(schema_id)
        self.asked += 1
        if self.asked == 1:
            raise RegistryUnavailableError("the registry is away")
        return self._schemas[schema_id]


class Grave(DeadLetters):
    """Keeps the dead letters in a list."""

    def __init__(self) -> None:
        self.reject_ratio = RejectRatio(RejectSettings())
        self.reasons: dict[int | None, str] = {}

    def publish(self, rejections: list[Rejection]) -> None:
        self.reasons |= {rejection.message.offset(): rejection.reason for rejection in rejections}
        rejections.clear()


def deliver(client: Client, feed: Feed, registry: PackageRegistry, values: Sequence[bytes]) -> Grave:
    """Deliver values as one block of one partition; return the dead letters."""
    grave = Grave()
    delivery = Delivery(
        store=Store(client, feed),
        registry=registry,
        dead_letters=grave,
        retry=Retry(longest=0.01, wait=lambda _seconds: False),
        limits=InsertLimits(rows=1_000, size=1 << 20),
    )
    messages = [message(offset, value) for offset, value in enumerate(values)]
    block = Block(Place(TOPIC_ID, "topic", 0), messages, since=0.0)
    assert delivery.deliver([block]) == [block]
    return grave


def newer() -> RegisteredSchema:
    """Return CommandAnalyzed as a later release may have it: one more field in the middle, one at the end."""
    fields: list[dict[str, Any]] = list(ANALYZED.definition["fields"])
    fields.insert(6, {"name": "site", "type": "string", "default": ""})
    fields.append({"name": "weight", "type": ["null", "double"], "default": None})
    text = catalog.render({**ANALYZED.definition, "fields": fields})
    return RegisteredSchema(NEWER_ID, ANALYZED.subject, 2, text)


def test_a_later_releases_events_stand_among_ours(client: Client) -> None:
    later = newer()
    registry = Registry(later)
    values = [
        wire.frame(schema.schema_id, codec.encode(schema, record(number, site="Oslo", weight=1.5)))
        for number, schema in enumerate([ANALYZED, later] * 20)
    ]
    assert deliver(client, COMMANDS_FEED, registry, values).reasons == {}
    rows = client.query("SELECT sequence, user_id, command, facts FROM commands ORDER BY kafka_offset").result_rows
    assert rows == [(number, "", f"show {number}", {"exit_code": "3"}) for number in range(40)]
    assert registry.asked == 2, "an answer is remembered"


@pytest.fixture
def explanations() -> list[bytes]:
    """Explanations by both released versions, in turn."""
    versions = [schema for schema in catalog.released() if schema.subject == "analyses-value"]
    assert [schema.version for schema in versions] == [1, 2]
    answer = {
        "tenant_id": "acme",
        "created_at": datetime.now(UTC),
        "model": "small",
        "explanation": "{subject} does not answer.",
        "outcome": "EXPLAINED",
        "prompt_tokens": 7,
    }
    return [
        wire.frame(schema.schema_id, codec.encode(schema, answer | {"fingerprint": number.to_bytes(16, "big")}))
        for number, schema in enumerate(versions * 10)
    ]


def test_what_an_older_version_lacks_has_its_columns_default(client: Client, explanations: list[bytes]) -> None:
    assert deliver(client, ANALYSES_FEED, PackageRegistry(), explanations).reasons == {}
    rows = client.query(
        "SELECT model, prompt_tokens, outcome, toString(event_id) FROM analyses ORDER BY kafka_offset"
    ).result_rows
    nobody = "00000000-0000-0000-0000-000000000000"
    assert rows == [("small", 0, "", nobody), ("small", 7, "EXPLAINED", nobody)] * 10


def test_what_is_no_schema_of_the_event_is_a_dead_letter(client: Client) -> None:
    other = RegisteredSchema(OTHER_ID, "numbers-value", 1, '"long"')
    protobuf = RegisteredSchema(PROTOBUF_ID, "numbers-value", 2, 'syntax = "proto3"; message Number {}')
    good = wire.frame(ANALYZED.schema_id, codec.encode(ANALYZED, record()))
    values = [good, wire.frame(OTHER_ID, b"\x02"), good, wire.frame(PROTOBUF_ID, b"\x02"), good]
    grave = deliver(client, COMMANDS_FEED, Registry(other, protobuf), values)
    assert grave.reasons == {
        1: f"schema id {OTHER_ID} is numbers-value, no CommandAnalyzed",
        3: f"schema id {PROTOBUF_ID} is numbers-value, no CommandAnalyzed",
    }
    assert client.command("SELECT count() FROM commands") == 3
