"""POST /v1/commands on a real broker."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, Message, TopicPartition

from api.settings import ApiSettings
from runtime.redaction import MASK, REDACTION_VERSION
from schemas import codec, wire
from schemas.catalog import by_id
from schemas.event import new_event_id, output_digest
from tests.api.serving import serving
from tests.services.process import free_port
from tests.services.topics import TopicFactory

LEAST = {"device_id": "leaf01", "command": "uptime", "output": "up 3 days\n"}


@dataclass(frozen=True)
class Intake:
    client: httpx.Client
    kafka: str
    topic: str

    def messages(self, count: int) -> list[Message]:
        """The topic's messages, from its beginning."""
        consumer = Consumer({"bootstrap.servers": self.kafka, "group.id": "test"})
        try:
            consumer.assign([TopicPartition(self.topic, 0, 0)])
            found: list[Message] = []
            while len(found) < count:
                messages = consumer.consume(count - len(found), 20)
                assert messages
                found += messages
            return found
        finally:
            consumer.close()

    def records(self, count: int) -> list[dict[str, Any]]:
        records = []
        for message in self.messages(count):
            value = message.value()
            assert isinstance(value, bytes)
            schema_id, datum = wire.unframe(value)
            records.append(codec.decode(by_id(schema_id), datum))
        return records


@pytest.fixture
def intake(kafka: str, topic_factory: TopicFactory) -> Iterator[Intake]:
    topic = topic_factory("executed")
    settings = ApiSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=f"http://127.0.0.1:{free_port()}",
        api_body_limit_bytes=200_000,
        api_ingest_event_bytes=100_000,
        api_ingest_events=20,
    )
    with serving(settings, executed_topic=topic) as url, httpx.Client(base_url=url) as client:
        yield Intake(client, kafka, topic)


def test_the_least_execution_gets_everything_else_by_default(intake: Intake) -> None:
    before = datetime.now(UTC)
    answer = intake.client.post("/v1/commands", json=LEAST)
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    [record] = intake.records(1)
    assert str(record["event_id"]) == answer.json()["event_ids"][0]
    assert record["event_id"].version == 7
    assert before <= record["started_at"] == record["ended_at"] <= datetime.now(UTC)
    assert record["tenant_id"] == "default"
    assert record["hostname"] == "leaf01"
    assert record["output_bytes"] == len(LEAST["output"])
    assert record["output_sha256"] == output_digest(LEAST["output"])
    assert (record["status"], record["exit_code"]) == ("UNKNOWN", None)


def test_what_is_given_is_kept(intake: Intake) -> None:
    given = LEAST | {
        "event_id": str(new_event_id()),
        "hostname": "leaf01.example",
        "agent_id": "probe",
        "agent_version": "9",
        "user_id": "bob",
        "session_id": "s",
        "sequence": 12,
        "started_at": "2026-01-02T03:04:05.678901+01:00",
        "duration_us": 1_500_000,
        "labels": {"site": "ams"},
        "redactions": 2,
        "output_bytes": 10_000,
        "output_truncated": True,
        "os_type": "ios",
        "exit_code": 3,
    }
    answer = intake.client.post("/v1/commands", json=[given])
    assert answer.json() == {"accepted": 1, "event_ids": [given["event_id"]]}
    [record] = intake.records(1)
    started = datetime(2026, 1, 2, 2, 4, 5, 678_901, tzinfo=UTC)
    assert record["started_at"] == started
    assert record["ended_at"] == started + timedelta(seconds=1.5)
    assert record["status"] == "FAILED"
    same = given.keys() - {"event_id", "started_at"}
    assert {name: record[name] for name in same} == {name: given[name] for name in same}


def test_messages_are_cloudevents_keyed_by_device(intake: Intake) -> None:
    trace_id, span_id = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    traceparent = f"00-{trace_id}-{span_id}-01"
    intake.client.post("/v1/commands", json=LEAST, headers={"traceparent": traceparent})
    [message] = intake.messages(1)
    assert message.key() == b"default/leaf01"
    headers = dict(message.headers() or [])
    assert headers["ce_type"] == b"netcopilot.command.executed"
    assert headers["traceparent"] == traceparent.encode()
    assert intake.records(1)[0]["trace_id"] == trace_id


def test_secrets_never_reach_the_broker(intake: Intake) -> None:
    secrets = ("canary-alpha-1", "canary-bravo-2", "canary-charlie-3")
    execution = {
        "device_id": "r1",
        "command": f"curl --password {secrets[0]} https://x",
        "output": f"enable secret 5 {secrets[1]}\nok\n",
        "labels": {"url": f"https://u:{secrets[2]}@host/"},
    }
    assert intake.client.post("/v1/commands", json=execution).status_code == 202
    [message] = intake.messages(1)
    content = bytes(message.value() or b"") + repr(message.headers()).encode()
    assert not any(secret.encode() in content for secret in secrets)
    [record] = intake.records(1)
    assert MASK in record["command"]
    assert record["redactions"] == 3
    assert record["redaction_version"] == REDACTION_VERSION
    assert record["output_sha256"] == output_digest(record["output"])


def test_an_array_is_taken_in_order(intake: Intake) -> None:
    answer = intake.client.post("/v1/commands", json=[LEAST | {"sequence": n} for n in range(1, 21)])
    assert answer.json()["accepted"] == 20
    records = intake.records(20)
    assert [record["sequence"] for record in records] == list(range(1, 21))
    assert [str(record["event_id"]) for record in records] == answer.json()["event_ids"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"device_id": ""}, "device_id"),
        ({"device_id": "a\nb"}, "device_id"),
        ({"device_id": None}, "device_id"),
        ({"command": ""}, "command"),
        ({"output": 5}, "output"),
        ({"colour": "red"}, "colour"),
        ({"event_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}, "event_id"),
        ({"event_id": "f1a207d4-6a50-7523-bf83-cfa3f23b63e4"}, "event_id"),
        ({"tenant_id": "other"}, "tenant_id"),
        ({"started_at": "2026-01-01T00:00:00"}, "started_at"),
        ({"started_at": "3026-01-01T00:00:00Z"}, "started_at"),
        ({"sequence": -1}, "sequence"),
        ({"sequence": 2**63}, "sequence"),
        ({"exit_code": 2**31}, "exit_code"),
        ({"status": "FINE"}, "status"),
        ({"trace_id": "xyz"}, "trace_id"),
        ({"labels": {"a": 1}}, "labels.a"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(intake: Intake, change: dict[str, Any], where: str) -> None:
    answer = intake.client.post("/v1/commands", json=LEAST | {"output": "--password hunter2"} | change)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert [problem["where"] for problem in error["details"]["problems"]] == [where]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"[[]]", b'"x"', b'{"device_id": "\xff"}'])
def test_a_body_that_is_no_execution_is_refused(intake: Intake, body: bytes) -> None:
    answer = intake.client.post("/v1/commands", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


def test_lone_surrogates_are_refused(intake: Intake) -> None:
    body = json.dumps(LEAST | {"output": "\ud800"})
    answer = intake.client.post("/v1/commands", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_one_bad_event_refuses_the_whole_array(intake: Intake) -> None:
    answer = intake.client.post("/v1/commands", json=[LEAST, LEAST | {"sequence": -1}])
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["problems"][0]["where"] == "1.sequence"
    intake.client.post("/v1/commands", json=LEAST | {"sequence": 99})
    assert [record["sequence"] for record in intake.records(1)] == [99]


def test_only_json_is_taken(intake: Intake) -> None:
    answer = intake.client.post("/v1/commands", content=json.dumps(LEAST), headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_limits_of_body_event_and_array(intake: Intake) -> None:
    too_large = intake.client.post("/v1/commands", json=LEAST | {"output": "x" * 200_000})
    assert (too_large.status_code, too_large.json()["error"]["code"]) == (413, "content_too_large")

    def chunks() -> Iterator[bytes]:
        yield b'{"output": "'
        for _ in range(30):
            yield b"x" * 10_000

    streamed = intake.client.post("/v1/commands", content=chunks(), headers={"Content-Type": "application/json"})
    assert (streamed.status_code, streamed.json()["error"]["code"]) == (413, "content_too_large")
    event = intake.client.post("/v1/commands", json=LEAST | {"output": "x" * 120_000})
    assert (event.status_code, event.json()["error"]["code"]) == (413, "event_too_large")
    several = intake.client.post("/v1/commands", json=[LEAST] * 21)
    assert (several.status_code, several.json()["error"]["code"]) == (422, "invalid_request")


def test_without_a_broker_it_is_503_with_the_ids_to_repeat(lonely: httpx.Client) -> None:
    event_id = str(new_event_id())
    answer = lonely.post("/v1/commands", json=LEAST | {"event_id": event_id})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["error"]["code"] == "unavailable"
    assert answer.json()["error"]["details"] == {"event_ids": [event_id]}
