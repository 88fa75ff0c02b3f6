"""Generators of valid events."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

TEXT = st.text(max_size=200)
LONG = st.integers(min_value=-(2**63), max_value=2**63 - 1)
INT = st.integers(min_value=-(2**31), max_value=2**31 - 1)
TIMES = st.integers(min_value=0, max_value=7_000_000_000_000_000).map(
    lambda microseconds: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
)

EXECUTED: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "event_id": st.uuids(),
        "tenant_id": TEXT,
        "device_id": TEXT,
        "hostname": TEXT,
        "session_id": st.none() | TEXT,
        "sequence": LONG,
        "started_at": TIMES,
        "ended_at": TIMES,
        "duration_us": LONG,
        "trace_id": st.none() | TEXT,
        "labels": st.dictionaries(TEXT, TEXT, max_size=5),
        "redactions": INT,
        "output_truncated": st.booleans(),
        "os_type": TEXT,
        "command": TEXT,
        "status": st.sampled_from(["UNKNOWN", "OK", "FAILED", "TIMEOUT", "DENIED"]),
        "exit_code": st.none() | INT,
        "output": st.text(max_size=3000),
    }
)
