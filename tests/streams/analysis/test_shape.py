from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.shape import shape_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"uptime": "3 days, 2 hours"}, {"uptime": "1 week, 1 day"}),
        ({"hostname": "spine"}, {"hostname": "leaf"}),
        ({"packets": 12}, {"packets": 90000}),
        ({"packets": "12"}, {"packets": "90000"}),
        ({"next_hop": "10.0.0.1"}, {"next_hop": "2001:db8::1"}),
        ({"interfaces": {"Ethernet1": {"vlan": 5}}}, {"interfaces": {"Ethernet2": {"vlan": 7}}}),
        ([{"state": "up"}, {"state": "down"}], [{"state": "down"}, {"state": "up"}, {"state": "up"}]),
        ({"last_change_time": 1.5}, {"last_change_time": 0}),
        ({"cpu_percent": 3}, {"cpu_percent": 49}),
        ({"load_1m": 0.1}, {"load_1m": 3.9}),
        ({"text": "up for 3d"}, {"text": "Up for 4d"}),
    ],
)
def test_drift_and_names_keep_the_shape(one: Any, other: Any) -> None:
    assert shape_of(one) == shape_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"state": "forwarding"}, {"state": "blocking"}),
        ({"interface_status": "ok"}, {"interface_status": "failed"}),
        ({"text": "up for 3d"}, {"text": "down for 3d"}),
        ({"drops": 0}, {"drops": 1}),
        ({"drops": "0"}, {"drops": "1"}),
        ({"enabled": True}, {"enabled": False}),
        ({"cpu_percent": 49}, {"cpu_percent": 99}),
        ({"idle": "12%"}, {"idle": "99%"}),
        ({"load_1m": 0.1}, {"load_1m": 40}),
        ({"peers": []}, {"peers": ["a"]}),
        ({"peers": [{}]}, {"peers": [{}, {}]}),
        ({"a": {"state": "x"}}, {"b": {"state": "x"}}),
        ({"value": "words"}, {"value": 5}),
        ({"value": None}, {"value": ""}),
        ({"balance": -1}, {"balance": 1}),
    ],
)
def test_another_state_is_another_shape(one: Any, other: Any) -> None:
    assert shape_of(one) != shape_of(other)


@pytest.mark.parametrize("data", [None, [], {}, ""])
def test_no_data_has_no_shape(data: Any) -> None:
    assert shape_of(data) is None


def test_more_data_than_it_may_cost_has_no_shape() -> None:
    assert shape_of([{"state": "up"}] * 10_000) is not None
    assert shape_of([{"state": f"state {number}"} for number in range(10_000)]) is None
    assert shape_of([[]] * 10_000) is None


def test_data_nested_too_deep_has_no_shape() -> None:
    data: Any = "end"
    for _ in range(4000):
        data = [data]
    assert shape_of(data) is None


_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(data=_DATA, seed=st.integers())
def test_order_means_nothing(data: Any, seed: int) -> None:
    assert shape_of(_shuffled(data, Random(seed))) == shape_of(data)


def _shuffled(data: Any, random: Random) -> Any:
    if isinstance(data, dict):
        return {name: _shuffled(data[name], random) for name in random.sample(list(data), len(data))}
    if isinstance(data, list):
        return [_shuffled(each, random) for each in random.sample(data, len(data))]
    return data


def test_a_number_beyond_all_measure_is_a_number() -> None:
    assert shape_of({"count": 10**400}) == shape_of({"count": 7})


def test_a_table_has_the_same_shape_whether_its_rows_are_uniform_or_not() -> None:
    rows = [{"state": "up", "n": 1, "on": True}, {"state": "down", "n": 0, "on": False}]
    uniform, mixed = shape_of(rows), shape_of([*rows, {"n": 0, "state": "up", "on": True}])
    assert uniform == mixed == (".n=0", ".n=n", ".on=False", ".on=True", ".state=down", ".state=up", "[2]")
