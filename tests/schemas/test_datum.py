import io
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import catalog
from schemas.codec import encode
from schemas.datum import ANALYZED_TAIL, TailLocator, zigzag
from schemas.errors import DatumError
from tests.schemas.events import EXECUTED, LONG

SCHEMA = catalog.latest("commands.executed-value")
TAIL = catalog.RegisteredSchema.of(
    "tail", {**SCHEMA.definition, "fields": SCHEMA.definition["fields"][-len(ANALYZED_TAIL) :]}
)
LOCATOR = TailLocator(SCHEMA.definition)


@given(EXECUTED, st.binary(max_size=8))
def test_the_tail_is_where_its_own_encoding_begins(event: dict[str, Any], prefix: bytes) -> None:
    datum = encode(SCHEMA, event)
    span = LOCATOR.locate(prefix + datum, len(prefix))
    assert (prefix + datum)[span.tail :] == encode(TAIL, event)
    assert span.tenant == event["tenant_id"].encode()


@given(EXECUTED, st.data())
def test_a_datum_cut_within_its_head_is_an_error(event: dict[str, Any], data: st.DataObject) -> None:
    datum = encode(SCHEMA, event)
    tail = LOCATOR.locate(datum).tail
    with pytest.raises(DatumError):
        LOCATOR.locate(datum[: data.draw(st.integers(min_value=0, max_value=tail))])


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_located_or_refused(junk: bytes) -> None:
    try:
        span = LOCATOR.locate(junk)
    except DatumError:
        return
    assert span.tail < len(junk)


def test_labels_in_blocks_with_their_byte_size_are_passed() -> None:
    head = [field["name"] for field in SCHEMA.definition["fields"]].index("labels")
    before, after = (
        catalog.RegisteredSchema.of("part", {**SCHEMA.definition, "fields": fields})
        for fields in (SCHEMA.definition["fields"][:head], SCHEMA.definition["fields"][head + 1 :])
    )
    pair = b"\x02k\x02v"
    sized_block = zigzag(-1) + zigzag(len(pair)) + pair + zigzag(0)
    event = {"tenant_id": "t", "output": "text"}
    datum = encode(before, event) + sized_block + encode(after, event)
    assert datum[LOCATOR.locate(datum).tail :] == encode(TAIL, event)


@pytest.mark.parametrize(
    "fields",
    [
        SCHEMA.definition["fields"][:-1],
        [field for field in SCHEMA.definition["fields"] if field["name"] != "tenant_id"],
        [{"name": "extra", "type": ["null", "long", "string"]}, *SCHEMA.definition["fields"]],
        [{"name": "extra", "type": "double"}, *SCHEMA.definition["fields"]],
    ],
    ids=["no tail", "no tenant", "wide union", "unknown type"],
)
def test_a_schema_without_a_way_to_the_tail_is_refused(fields: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"does not end in|tenant_id|no way"):
        TailLocator({**SCHEMA.definition, "fields": fields})


@given(LONG)
def test_zigzag_is_what_fastavro_writes(number: int) -> None:
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, "long", number)
    assert zigzag(number) == buffer.getvalue()
