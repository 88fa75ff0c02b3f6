"""Points in time as clients write them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from runtime.timepoint import parse_timepoint

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since the Unix epoch, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _check(text: str) -> str:
    # In a URL's query a bare + reads as a space; an offset is the only place where one can stand.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", text)
    parse_timepoint(text, now=datetime.now(UTC))
    return text


Timepoint = Annotated[
    str,
    AfterValidator(_check),
    Field(description="RFC 3339 with an offset, or a time before now: -90s, -15m, -1h, -7d, -2w.", examples=["-1h"]),
]
"""A query parameter that `parse_timepoint` accepts."""
