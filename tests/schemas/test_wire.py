import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.errors import DatumError


@given(st.integers(min_value=0, max_value=2**32 - 1), st.binary())
def test_a_framed_datum_is_unframed(schema_id: int, datum: bytes) -> None:
    assert wire.unframe(wire.frame(schema_id, datum)) == (schema_id, datum)


def test_the_frame_is_confluent_s() -> None:
    assert wire.frame(258, b"x") == b"\x00\x00\x00\x01\x02x"


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, "null value"), (b"", "too short"), (b"\0\0\0\1", "too short"), (b"\1\0\0\0\1x", "magic byte is 1")],
)
def test_what_is_not_framed_is_refused_with_its_reason(value: bytes | None, reason: str) -> None:
    with pytest.raises(DatumError, match=reason):
        wire.unframe(value)
