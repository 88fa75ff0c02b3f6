"""Points in time as people write them."""

import re
from datetime import UTC, datetime, timedelta

_RELATIVE = re.compile(r"-(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def parse_timepoint(text: str, *, now: datetime) -> datetime:
    """Return a point in time, in UTC.

    Takes RFC 3339 with an offset, or a time before now: `-90s`, `-15m`, `-1h`, `-7d`, `-2w`.

    Raises:
        ValueError: neither, or a year that ClickHouse's DateTime64 does not hold.

    """
    try:
        moment = _moment(text, now)
    except OverflowError:
        raise ValueError("outside of the calendar") from None
    if not _FIRST <= moment < _LAST:
        raise ValueError("must be between 1900 and 2200")
    return moment


def _moment(text: str, now: datetime) -> datetime:
    if relative := _RELATIVE.fullmatch(text):
        return now - timedelta(**{_UNITS[relative[2]]: int(relative[1])})
    if not _RFC_3339.fullmatch(text):
        raise ValueError("neither RFC 3339 with an offset (2026-01-31T12:00:00Z) nor relative (-15m, -1h, -7d)")
    return datetime.fromisoformat(text.upper()).astimezone(UTC)
