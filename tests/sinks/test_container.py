import io

import fastavro
import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import DataError
from schemas import codec
from sinks.container import ContainerFormat, Datum
from sinks.store import Store
from tests.sinks.events import ANALYZED, TOPIC_ID, record

PARTITIONS = st.integers(min_value=0, max_value=2**31 - 1)
OFFSETS = st.integers(min_value=0, max_value=2**63 - 1)
PLACES = st.lists(st.tuples(PARTITIONS, OFFSETS), max_size=20)


def datum(offset: int = 0) -> Datum:
    return Datum(0, offset, codec.encode(ANALYZED, record()))


@given(places=PLACES, outputs=st.lists(st.text(max_size=300), min_size=20, max_size=20))
def test_any_avro_reader_reads_what_was_framed(places: list[tuple[int, int]], outputs: list[str]) -> None:
    events = [record(output=output) for output, _ in zip(outputs, places, strict=False)]
    datums = [Datum(*place, codec.encode(ANALYZED, event)) for place, event in zip(places, events, strict=True)]

    container = ContainerFormat(ANALYZED).frame(TOPIC_ID, datums)

    expected = [
        {"kafka_topic_id": TOPIC_ID, "kafka_partition": one.partition, "kafka_offset": one.offset}
        | codec.decode(ANALYZED, one.data)
        for one in datums
    ]
    assert list(fastavro.reader(io.BytesIO(container))) == expected


def test_the_datums_stand_in_the_container_byte_for_byte() -> None:
    datums = [datum(3), datum(2**40)]
    container = ContainerFormat(ANALYZED).frame(TOPIC_ID, datums)
    assert all(one.data in container for one in datums)


def test_columns_are_the_coordinates_then_the_events_fields() -> None:
    columns = ContainerFormat(ANALYZED).columns
    assert columns[:3] == ("kafka_topic_id", "kafka_partition", "kafka_offset")
    assert columns[3:] == tuple(field["name"] for field in ANALYZED.definition["fields"])


def test_clickhouse_takes_it_and_shows_every_field(store: Store, client: Client) -> None:
    event = record(7)
    container_format = ContainerFormat(ANALYZED)
    data = codec.encode(ANALYZED, event)
    store.insert(container_format.frame(TOPIC_ID, [Datum(3, 41, data)]), container_format.columns, token="one")

    names = container_format.columns
    formats: dict[str, str | dict[str, str]] = {"kafka_topic_id": "bytes", "fingerprint": "bytes"}
    answer = client.query(f"SELECT {', '.join(names)} FROM commands", column_formats=formats, tz_mode="aware")
    found = dict(zip(names, answer.result_rows[0], strict=True))
    expected = codec.decode(ANALYZED, data) | {"kafka_topic_id": TOPIC_ID, "kafka_partition": 3, "kafka_offset": 41}
    assert found == expected
    assert client.query("SELECT findings.kind FROM commands").result_rows == [(["command.failed"],)]


@pytest.mark.parametrize("cut", [1, 5, 30, 100])
def test_a_truncated_datum_rejects_all_rows_and_touches_no_neighbour(store: Store, client: Client, cut: int) -> None:
    container_format = ContainerFormat(ANALYZED)
    datums = [datum(0), Datum(0, 1, datum().data[:-cut]), datum(2)]
    with pytest.raises(DataError):
        store.insert(container_format.frame(TOPIC_ID, datums), container_format.columns, token="bad")
    assert client.command("SELECT count() FROM commands") == 0
