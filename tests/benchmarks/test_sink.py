import pytest

from benchmarks.sink.events import SCHEMA, values
from benchmarks.sink.growth import slope
from benchmarks.sink.meter import Cost
from schemas import codec, wire


def test_events_are_what_workers_publish() -> None:
    records = [codec.decode(SCHEMA, wire.unframe(value)[1]) for value in values(200, output_bytes=600)]
    assert len({record["event_id"] for record in records}) == 200
    assert all(400 < len(record["output"]) < 800 for record in records)
    assert {record["parse_status"] for record in records} == {"PARSED"}
    assert any(record["findings"] for record in records)


@pytest.mark.parametrize(("costs", "expected"), [((5.0, 5.0, 5.0), 0.0), ((5.0, 10.0, 20.0), 1.0)])
def test_the_slope_is_zero_where_a_row_costs_the_same(costs: tuple[float, ...], expected: float) -> None:
    made = [Cost(rows=1, seconds=1.0, client_cpu=cost, server_cpu=0.0) for cost in costs]
    assert slope((1, 2, 4), made) == pytest.approx(expected)
