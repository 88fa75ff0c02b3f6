from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from api.timepoint import Timepoint, epoch_microseconds
from runtime.timepoint import parse_timepoint

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("-90s", NOW - timedelta(seconds=90)),
        ("-15m", NOW - timedelta(minutes=15)),
        ("-1h", NOW - timedelta(hours=1)),
        ("-7d", NOW - timedelta(days=7)),
        ("-2w", NOW - timedelta(weeks=2)),
        ("2026-01-31T12:00:00Z", NOW),
        ("2026-01-31t12:00:00z", NOW),
        ("2026-01-31T13:00:00+01:00", NOW),
        ("2026-01-31T12:00:00.000001Z", NOW + timedelta(microseconds=1)),
    ],
)
def test_what_is_understood(text: str, wanted: datetime) -> None:
    assert parse_timepoint(text, now=NOW) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1h",
        "-1y",
        "-h",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-13-01T00:00:00Z",
        "12:00",
        "-9999999w",
        "-999999w",
        "0001-01-01T00:00:00+12:00",
        "1899-01-01T00:00:00Z",
    ],
)
def test_what_is_not(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_timepoint(text, now=NOW)


def test_a_time_before_the_calendar_is_refused_and_no_defect() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Timepoint).validate_python("-999999w")


def test_a_plus_that_a_url_turned_into_a_space_is_restored() -> None:
    assert TypeAdapter(Timepoint).validate_python("2026-01-31T13:00:00 01:00") == "2026-01-31T13:00:00+01:00"


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2299, 1, 1)))  # noqa: DTZ001
def test_microseconds_are_exact(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=epoch_microseconds(aware)) == aware
