from datetime import datetime

from schemas.dead_letter import DeadLetter


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
