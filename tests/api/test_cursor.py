import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import cursor
from api.errors import ApiError


@given(st.binary(max_size=64))
def test_what_was_sealed_is_unsealed(position: bytes) -> None:
    assert cursor.unseal("pages", cursor.seal("pages", position)) == position


@given(st.binary(min_size=1, max_size=64), st.data())
def test_a_changed_cursor_is_refused(position: bytes, data: st.DataObject) -> None:
    sealed = cursor.seal("pages", position)
    index = data.draw(st.integers(0, len(sealed) - 2))
    other = data.draw(st.sampled_from([letter for letter in "ABCxyz019-_" if letter != sealed[index]]))
    with pytest.raises(ApiError):
        cursor.unseal("pages", sealed[:index] + other + sealed[index + 1 :])


@given(st.text(max_size=100))
def test_anything_else_is_refused_and_no_defect(text: str) -> None:
    with pytest.raises(ApiError):
        cursor.unseal("pages", text)


def test_cursors_of_other_pages_are_refused() -> None:
    with pytest.raises(ApiError):
        cursor.unseal("devices", cursor.seal("commands", b"x" * 24))
