"""What every peer does with an event: look its output up in Redis, else analyse it and keep that."""

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas import catalog, wire
from schemas.catalog import RegisteredSchema
from schemas.codec import decode, encode
from schemas.topics import ANALYZED, EXECUTED
from streams.analysis import Engine, Execution
from streams.enrichment.encoding import AnalysisEncoder, shared_fields

TTL: Final = timedelta(hours=1)
EXECUTED_SCHEMA: Final = catalog.latest(EXECUTED.subject)
ANALYZED_SCHEMA: Final = catalog.latest(ANALYZED.subject)
ANALYSIS_SCHEMA: Final = AnalysisEncoder.between(EXECUTED_SCHEMA, ANALYZED_SCHEMA).shared
_ENGINE: Final = Engine()


def unpack(schema: RegisteredSchema, value: bytes) -> dict[str, Any]:
    """Return the record that a message value holds."""
    return decode(schema, value[wire.HEADER_SIZE :])


def pack(schema: RegisteredSchema, record: Mapping[str, Any]) -> bytes:
    """Return the message value that holds a record."""
    return wire.frame(schema.schema_id, encode(schema, record))


def cache_key(execution: Execution) -> str:
    """Return where the analysis of an execution stands in Redis."""
    parts = (execution.tenant_id, execution.os_type, execution.command, execution.status, str(execution.exit_code))
    return "analysis:" + hashlib.sha256("\0".join((*parts, execution.output)).encode()).hexdigest()


def analyze(execution: Execution) -> dict[str, Any]:
    """Return the analysis fields that a cache may hold."""
    return shared_fields(_ENGINE.analyze(execution))


def own_fields(arrived: float, *, known: bool) -> dict[str, Any]:
    """Return the analysis fields that differ with each event; `arrived` is its Kafka timestamp in seconds."""
    return {
        "analyzed_at": datetime.now(UTC),
        "analysis_latency_us": max(0, int((time.time() - arrived) * 1e6)),
        "cache_status": "HIT_OUTPUT" if known else "MISS",
    }
