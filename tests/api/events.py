"""Analysed events for the API's tests, in the forms that Kafka and ClickHouse hold them in."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import clickhouse_connect
import fastavro
from clickhouse_connect.driver.client import Client
from confluent_kafka import Producer

from schemas import codec, wire
from schemas.catalog import latest
from schemas.event import new_event_id, output_digest
from schemas.topics import ANALYZED

Record = dict[str, Any]

SCHEMA = latest(ANALYZED.subject)


def finding(**given: Any) -> Record:
    return {
        "kind": "reachability.loss",
        "severity": "warning",
        "subject": "10.0.0.9",
        "evidence": "25% packet loss",
        "line_start": 2,
        "line_end": 2,
        "facts": {"loss_percent": "25"},
        "source": "RULE",
        **given,
    }


def record(**given: Any) -> Record:
    """A CommandAnalyzed with every field set to something that is not its default."""
    started = given.get("started_at", datetime.now(UTC))
    output = given.get("output", "PING 10.0.0.9\n4 packets, 25% packet loss\n")
    return {
        "event_id": new_event_id(),
        "tenant_id": "default",
        "device_id": "leaf01",
        "hostname": "leaf01.example",
        "agent_id": "agent-1",
        "agent_version": "1.2.3",
        "user_id": "alice",
        "session_id": "s-1",
        "sequence": 7,
        "started_at": started,
        "ended_at": started + timedelta(milliseconds=12),
        "duration_us": 12_000,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "labels": {"site": "ams/1"},
        "redaction_version": "1",
        "redactions": 1,
        "output_bytes": len(output),
        "output_truncated": True,
        "output_sha256": output_digest(output),
        "os_type": "linux",
        "command": "ping -c 4 10.0.0.9",
        "status": "FAILED",
        "exit_code": 1,
        "output": output,
        "analyzed_at": started + timedelta(milliseconds=20),
        "analysis_latency_us": 3_000,
        "cache_status": "MISS",
        "fingerprint": bytes(range(16)),
        "parser": "jc/ping",
        "parser_version": "1.26.1",
        "parse_status": "PARSED",
        "rules_version": "3",
        "verdict": "warning",
        "summary": 'ping "10.0.0.9": 25% loss',
        "findings": [finding()],
        "facts": {"loss_percent": "25"},
        "command_template": "ping -c {n} {host}",
        **given,
    }


def value(event: Mapping[str, Any]) -> bytes:
    """The event as the value of a Kafka message."""
    return wire.frame(SCHEMA.schema_id, codec.encode(SCHEMA, event))


def produce(
    bootstrap_servers: str,
    topic: str,
    events: Iterable[Mapping[str, Any]],
    headers: Sequence[tuple[str, str | bytes | None]] = (),
) -> None:
    """Publish events as the worker does, and return when the broker has them."""
    producer = Producer({"bootstrap.servers": bootstrap_servers, "partitioner": "murmur2_random", "linger.ms": 0})
    for event in events:
        key = f"{event['tenant_id']}/{event['device_id']}".encode()
        producer.produce(topic, value(event), key, headers=list(headers))
    assert producer.flush(20) == 0


@dataclass(frozen=True)
class History:
    """A migrated database."""

    url: str
    database: str

    def store(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Insert events as the sink does: Avro, whole blocks."""
        buffer = io.BytesIO()
        fastavro.writer(buffer, SCHEMA.parsed, events)
        client = self.client()
        try:
            columns = [field["name"] for field in SCHEMA.definition["fields"]]
            client.raw_insert("commands", columns, buffer.getvalue(), fmt="Avro")
        finally:
            client.close()

    def client(self) -> Client:
        return clickhouse_connect.get_client(dsn=self.url, database=self.database)
