"""Appending an analysis to an executed event's own bytes."""

import time

from schemas import wire
from schemas.datum import zigzag
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE, Headers
from streams.enrichment.encoding import CacheStatus, cache_status_part
from streams.enrichment.outcome import Analyzed
from streams.enrichment.sighting import Sighted

_STATUS_PARTS = {status: cache_status_part(status) for status in CacheStatus}


def splice(event: Sighted, shared: bytes, status: CacheStatus) -> Analyzed:
    """Return the analysed event: the executed datum, the fields that are its own, then the shared ones."""
    now_us = time.time_ns() // 1000
    latency_us = max(0, now_us - event.record.timestamp * 1000)
    own = zigzag(now_us) + zigzag(latency_us) + _STATUS_PARTS[status]
    value = b"".join((event.plan.header, memoryview(event.value)[wire.HEADER_SIZE :], own, shared))
    headers: Headers = [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in event.record.headers]
    return Analyzed(event.record, value, headers)
