from datetime import datetime
from typing import cast

from schemas.dead_letter import DeadLetter, original_headers, replay_headers, replays


def test_a_dead_letter_keeps_the_original_headers_and_adds_its_own() -> None:
    letter = DeadLetter(reason="magic byte is 9", stage="worker", topic="commands.executed", partition=3, offset=42)
    headers = letter.headers([("ce_id", b"x"), ("ce_id", b"again")])
    assert headers[:2] == [("ce_id", b"x"), ("ce_id", b"again")]
    own = dict(headers[2:])
    datetime.fromisoformat(str(own.pop("dlq.time"), "ascii"))  # type: ignore[arg-type]
    assert own == {
        "dlq.reason": b"magic byte is 9",
        "dlq.stage": b"worker",
        "dlq.topic": b"commands.executed",
        "dlq.partition": b"3",
        "dlq.offset": b"42",
    }


def test_what_was_written_is_read_and_the_last_death_counts() -> None:
    first = DeadLetter(reason="null value", stage="worker", topic="commands.executed", partition=3, offset=42)
    last = DeadLetter(reason="no row", stage="sink", topic="commands.analyzed", partition=3, offset=7)
    headers = buried(last, buried(first, [("ce_id", b"x")]))
    assert DeadLetter.read(headers) == last
    assert original_headers(headers) == [("ce_id", b"x")]


def test_foreign_headers_tell_of_no_death() -> None:
    whole = buried(DeadLetter("null value", "worker", "commands.executed", 3, 42), [])
    assert DeadLetter.read([]) is None
    assert DeadLetter.read(whole[:2]) is None
    assert DeadLetter.read([*whole, ("dlq.offset", b"last")]) is None


def test_each_replay_counts_and_carries_nothing_else_of_the_death() -> None:
    headers: list[tuple[str, bytes]] = [("ce_id", b"x")]
    for count in (b"1", b"2"):
        letter = DeadLetter("null value", "worker", "commands.executed", 3, 42)
        headers = cast("list[tuple[str, bytes]]", replay_headers(buried(letter, headers)))
        assert headers == [("ce_id", b"x"), ("dlq.replays", count)]
    assert replays(headers) == 2
    assert replays([("dlq.replays", b"many")]) == 0


def buried(letter: DeadLetter, headers: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return cast("list[tuple[str, bytes]]", letter.headers(headers))
