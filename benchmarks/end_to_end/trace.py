"""What Kafka kept of a run: where each event stands, and when the broker and the worker had it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, Message

from benchmarks.end_to_end.clock import WallClock
from schemas import codec, wire
from schemas.catalog import latest
from schemas.topics import ANALYZED
from tests.services.reading import read_topic

_ANALYZED: Final = latest(ANALYZED.subject)


@dataclass(frozen=True, slots=True)
class Trace:
    """An event on its way; times are milliseconds of the monotonic clock."""

    partition: int
    offset: int
    executed: float
    """When the broker had it in commands.executed."""
    analyzed: float
    """When the worker had its analysis."""
    appended: float | None
    """When the broker had it in commands.analyzed; None where the broker keeps no such time."""
    cache_status: str


def read_traces(kafka: str, agent_id: str, clock: WallClock) -> dict[str, list[Trace]]:
    """Return how each of an agent's events went, by its id; more than one trace is a duplicate."""
    found: dict[str, list[Trace]] = {}
    for message in read_topic(kafka, ANALYZED.name):
        value = message.value() or b""
        if agent_id.encode() in value:
            record = codec.decode(_ANALYZED, value[wire.HEADER_SIZE :])
            found.setdefault(str(record["event_id"]), []).append(_trace(message, record, clock))
    return found


def _trace(message: Message, record: Mapping[str, Any], clock: WallClock) -> Trace:
    analyzed: datetime = record["analyzed_at"]
    analyzed_ms = clock.monotonic(analyzed.timestamp() * 1e3)
    kind, milliseconds = message.timestamp()
    return Trace(
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        executed=analyzed_ms - record["analysis_latency_us"] / 1e3,
        analyzed=analyzed_ms,
        appended=clock.monotonic(milliseconds) if kind == TIMESTAMP_LOG_APPEND_TIME else None,
        cache_status=record["cache_status"],
    )
