from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import catalog
from schemas.codec import decode, decode_start, encode
from schemas.errors import DatumError
from schemas.event import CommandExecuted
from tests.schemas.events import EXECUTED

SCHEMA = catalog.latest("commands.executed-value")


@given(EXECUTED)
def test_what_was_encoded_is_decoded(event: dict[str, Any]) -> None:
    record = decode(SCHEMA, encode(SCHEMA, event))
    assert {name: record[name] for name in event} == event


@given(EXECUTED, st.data())
def test_a_truncated_datum_is_an_error(event: dict[str, Any], data: st.DataObject) -> None:
    datum = encode(SCHEMA, event)
    with pytest.raises(DatumError):
        decode(SCHEMA, datum[: data.draw(st.integers(min_value=0, max_value=len(datum) - 1))])


@given(EXECUTED, st.data())
def test_of_a_truncated_datum_the_start_can_be_read(event: dict[str, Any], data: st.DataObject) -> None:
    datum = encode(SCHEMA, event)
    start = decode_start(SCHEMA, datum[: data.draw(st.integers(min_value=0, max_value=len(datum) - 1))])
    whole = decode(SCHEMA, datum)
    assert list(start) == list(whole)[: len(start)]
    assert start == {name: whole[name] for name in start}
    assert len(start) < len(whole)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_decoded_or_refused(junk: bytes) -> None:
    try:
        record = decode(SCHEMA, junk)
    except DatumError:
        return
    assert encode(SCHEMA, record)


def test_bytes_after_the_datum_are_an_error() -> None:
    datum = encode(SCHEMA, {})
    with pytest.raises(DatumError, match="1 bytes follow"):
        decode(SCHEMA, datum + b"\0")


def test_a_record_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(DatumError, match="does not fit"):
        encode(SCHEMA, {"sequence": "seven"})


def test_an_event_has_the_schema_s_fields_in_its_order() -> None:
    event = CommandExecuted(device_id="r1", output="up")
    assert list(event.record()) == [field["name"] for field in SCHEMA.definition["fields"]]
    assert decode(SCHEMA, encode(SCHEMA, event.record())) == event.record()
    assert event.event_id.version == 7


def test_errors_do_not_quote_the_data() -> None:
    secret = "hunter2-canary"
    datum = encode(SCHEMA, {"output": secret}).replace(b"hunter2", b"hunter\xff")
    with pytest.raises(DatumError) as caught:
        decode(SCHEMA, datum)
    assert "canary" not in str(caught.value)
