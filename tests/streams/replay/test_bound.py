from datetime import UTC, datetime

import pytest

from streams.replay.bound import Bound, written

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("0:1200,1:900", Bound(offsets={0: 1200, 1: 900})),
        ("-1h", Bound(moment=datetime(2026, 11, 23, 11, tzinfo=UTC))),
        ("2026-11-01T00:00:00+01:00", Bound(moment=datetime(2026, 10, 31, 23, tzinfo=UTC))),
    ],
)
def test_bounds_are_times_or_offsets_and_are_written_as_they_are_read(text: str, bound: Bound) -> None:
    assert Bound.parse(text, now=NOW) == bound
    assert Bound.parse(str(bound), now=NOW) == bound


@pytest.mark.parametrize("text", ["", "0", "0:", "0:1,0:2", "0:-1", "yesterday", "2026-11-01"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Bound.parse(text, now=NOW)


def test_offsets_are_written_in_the_order_of_their_partitions() -> None:
    assert written({3: 1, 1: 2}) == "1:2,3:1"
