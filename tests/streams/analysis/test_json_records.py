import json

from hypothesis import given
from hypothesis import strategies as st

from streams.analysis.json_records import Path, Record, member_spans, records, scalar

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=15,
)


def _paths(value: object, path: Path = ()) -> list[tuple[Path, object]]:
    found: list[tuple[Path, object]] = [(path, value)] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += _paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _paths(inner, (*path, index))
    return found


@given(value=_VALUES, indent=st.sampled_from([None, 1, 4]), ascii_only=st.booleans())
def test_every_member_is_found_where_it_stands(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    expected = dict(_paths(value))
    spans = member_spans(text, set(expected))
    assert set(spans) == set(expected)
    for path, (start, end) in spans.items():
        member = text[start:end]
        if isinstance(path[-1], str):
            member = "{" + member + "}"
            assert json.loads(member) == {path[-1]: expected[path]}
        else:
            assert json.loads(member) == expected[path]


def test_objects_come_outer_before_inner_in_the_order_of_the_text() -> None:
    data = {"a": [{"b": 1}, {"c": {"d": 2}}], "e": {}}
    assert [record.path for record in records(data)] == [(), ("a", 0), ("a", 1), ("a", 1, "c"), ("e",)]


def test_junos_wrapping_is_seen_through() -> None:
    assert scalar([{"data": "up", "attributes": {}}]) == "up"
    assert scalar(["up"]) == ""
    assert scalar(True) == "true"
    assert scalar(None) == ""


def test_a_wrapped_scalar_is_no_object() -> None:
    wrapped = [{"data": "up", "attributes": {"format": "x"}}]
    assert [record.path for record in records({"state": wrapped})] == [()]
    holding = [{"data": {"state": "up"}}]
    assert [record.path for record in records({"all": holding})] == [(), ("all", 0), ("all", 0, "data")]
    named = [{"data": "up", "name": "eth0"}]
    assert [record.path for record in records({"all": named})] == [(), ("all", 0)]


def test_what_stands_behind_a_value_nested_to_the_limit_is_not_found() -> None:
    text = f'{{"a": 1, "b": {"[" * 5000}{"]" * 5000}, "c": 2}}'
    assert member_spans(text, {("a",), ("c",)}) == {("a",): (1, 7)}


def test_a_record_is_named_by_the_nearest_key() -> None:
    assert Record(("peers", "10.0.0.1"), {}).key == "10.0.0.1"
    assert Record(("peers", 3), {}).key == "peers"
