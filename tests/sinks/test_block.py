from sinks.block import Block, Place, Run, offset_of
from tests.sinks.events import TOPIC_ID, message, value

PLACE = Place(TOPIC_ID, "analyzed", 3)
NAME = TOPIC_ID.hex()


def block(values: list[bytes | None], *, first: int = 0) -> Block:
    return Block(PLACE, [message(first + number, data) for number, data in enumerate(values)], since=0.0)


def offsets(run: Run) -> list[int]:
    return [offset_of(one) for one in run.messages]


def test_messages_of_a_schema_are_one_run_whatever_stands_between() -> None:
    good, other, broken = value(), b"\x00\x00\x00\x00\x63rest", b"\x01"
    runs = list(block([good, other, None, good, other, broken, good]).runs())
    assert [offsets(run) for run in runs] == [[0, 3, 6], [1, 4], [2], [5]]
    assert [type(run.schema) for run in runs] == [int, int, str, str]


def test_rows_are_named_by_place_and_offsets() -> None:
    whole = block([value()] * 4, first=7)
    (run,) = whole.runs()
    assert run.token == f"{NAME}/3/7-10"
    assert [half.token for half in run.halves()] == [f"{NAME}/3/7-8", f"{NAME}/3/9-10"]


def test_what_is_left_out_is_part_of_the_name() -> None:
    whole = block([value()] * 4)
    (run,) = whole.runs()
    names = {run.without(left_out).token for left_out in ({1}, {1, 2}, {0}, set())}
    assert names == {f"{NAME}/3/0-3/3", f"{NAME}/3/0-3/2", f"{NAME}/3/1-3", f"{NAME}/3/0-3"}
