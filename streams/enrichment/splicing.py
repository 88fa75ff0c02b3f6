"""Appending an analysis to an executed event's own bytes."""

import time
from collections.abc import Sequence

from schemas import wire
from schemas.datum import zigzag
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE, Headers
from streams.enrichment.encoding import CacheStatus, cache_status_part
from streams.enrichment.outcome import Analyzed
from streams.enrichment.sighting import Sighted

_STATUS_PARTS = {status: cache_status_part(status) for status in CacheStatus}


class Moment:
    """When analyses are attached: the fields that events analysed at the same time have of their own."""

    def __init__(self) -> None:
        """Be now."""
        self._now_us = time.time_ns() // 1000
        self._analyzed_at = zigzag(self._now_us)
        self._parts: dict[int, bytes] = {}

    def part(self, arrived_ms: int) -> bytes:
        """Return the encoding of analyzed_at and analysis_latency_us for an event by its Kafka timestamp."""
        part = self._parts.get(arrived_ms)
        if part is None:
            latency_us = max(0, self._now_us - arrived_ms * 1000)
            part = self._parts[arrived_ms] = self._analyzed_at + zigzag(latency_us)
        return part


def splice(event: Sighted, shared: bytes, status: CacheStatus, moment: Moment | None = None) -> Analyzed:
    """Return the event as analysed at a moment, now by default: its datum, the fields of its own, the shared ones."""
    record = event.record
    executed = memoryview(event.value)[wire.HEADER_SIZE :]
    own = (moment or Moment()).part(record.timestamp)
    value = b"".join((event.plan.header, executed, own, _STATUS_PARTS[status], shared))
    return Analyzed(record, value, _analyzed_headers(record.headers))


def _analyzed_headers(executed: Sequence[tuple[str, bytes]]) -> Headers:
    """Return an event's headers with the type of analysed ones; the type stands first as agents write it."""
    if executed and executed[0] == EXECUTED_TYPE:
        return [ANALYZED_TYPE, *executed[1:]]
    return [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in executed]
