"""W3C trace context of a request (Trace Context, level 1)."""

import re

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the trace id of a `traceparent` header, None where it holds none."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None or set(match[1]) == {"0"} or set(match[2]) == {"0"}:
        return None
    return match[1]
