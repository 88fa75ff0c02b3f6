"""Framed CommandAnalyzed values, good and bad, and the messages that carry them."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from confluent_kafka import Message

from schemas import catalog, codec, wire
from schemas.event import new_event_id

ANALYZED = catalog.latest("commands.analyzed-value")
EXECUTED = catalog.latest("commands.executed-value")
ANALYSIS = catalog.latest("analyses-value")
TOPIC_ID = bytes(range(16))


def record(number: int = 0, **fields: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "event_id": new_event_id(),
        "tenant_id": "acme",
        "device_id": f"device-{number % 7}",
        "hostname": f"host-{number % 7}",
        "sequence": number,
        "started_at": now,
        "ended_at": now,
        "labels": {"site": "lab"},
        "os_type": "linux",
        "command": f"show {number}",
        "status": "FAILED",
        "exit_code": 3,
        "output": f"line {number}\n" * 20,
        "fingerprint": os.urandom(16),
        "verdict": "warning",
        "findings": [
            {
                "kind": "command.failed",
                "severity": "warning",
                "evidence": f"line {number}",
                "line_start": 1,
                "line_end": 1,
                "facts": {"exit_code": "3"},
                "source": "RULE",
            }
        ],
        "facts": {"exit_code": "3"},
    } | fields


def value(number: int = 0, **fields: Any) -> bytes:
    return wire.frame(ANALYZED.schema_id, codec.encode(ANALYZED, record(number, **fields)))


def explanation(fingerprint: bytes, **fields: Any) -> bytes:
    """Return a framed Analysis of a fingerprint."""
    answer = {
        "tenant_id": "acme",
        "fingerprint": fingerprint,
        "created_at": datetime.now(UTC),
        "model": "small",
        "explanation": "{subject} does not answer.",
        "likely_causes": ["a cut fibre"],
        "suggestions": [{"command": "show interfaces {subject}", "reason": "look", "risk": "READ_ONLY"}],
        "outcome": "EXPLAINED",
        "event_id": new_event_id(),
    }
    return wire.frame(ANALYSIS.schema_id, codec.encode(ANALYSIS, answer | fields))


def message(offset: int, data: bytes | None, *, partition: int = 0, topic: str = "analyzed") -> Message:
    return Message(
        topic=topic, partition=partition, offset=offset, key=b"acme/key", value=data, headers=[("ce_id", b"1")]
    )


def poison() -> dict[str, bytes | None]:
    """One value of each kind that can never become a row, by the words its dead letter's reason must hold."""
    good = value()
    return {
        "null value": None,
        "too short": b"\x00\x00",
        "magic byte": b"\x07" + good[1:],
        "schema id 99999": wire.frame(99_999, good[5:]),
        "no CommandAnalyzed": wire.frame(EXECUTED.schema_id, codec.encode(EXECUTED, {"device_id": "d"})),
        "ends too early": good[:-7],
        "not of its type": wire.frame(ANALYZED.schema_id, b"\x48" + b"z" * 36 + good[42:]),
        "no commands.analyzed-value version": wire.frame(ANALYZED.schema_id, b"\xff" * 200),
        "no UTF-8": good.replace(b"line 0\nline", b"line \xff\nline"),
        "started_at": value(started_at=datetime(2101, 1, 1, tzinfo=UTC)),
        "event_id tells": value(event_id=UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")),
    }
