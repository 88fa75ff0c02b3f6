"""`netcopilot dlq show` on a real broker."""

import json

from schemas.topics import ANALYZED, EXECUTED
from tests.sinks.dlq.graveyard import Graveyard
from tests.sinks.events import value

SECRET = "username admin password 0 hunter2"


def test_a_whole_event_is_decoded_and_its_secrets_are_masked(graveyard: Graveyard) -> None:
    whole = value(output=f"line\n{SECRET}\n", command="show run")
    graveyard.bury(b"other", whole, came_from=ANALYZED, reason="ClickHouse refused the datum", stage="sink")
    result = graveyard.dlq("show", "0:1")
    assert result.exit_code == 0, result.output
    head, _, body = result.stdout.partition("{\n")
    facts = dict(line.split(maxsplit=1) for line in head.splitlines() if not line.startswith("header"))
    assert facts["position"] == "0:1"
    assert facts["reason"] == "ClickHouse refused the datum"
    assert facts["from"] == f"{ANALYZED.named(graveyard.prefix)} 1:1"
    assert facts["key"] == "acme/r1"
    assert "CommandAnalyzed version 1" in facts["value"]
    event = json.loads("{" + body)
    assert event["command"] == "show run"
    assert event["output"].startswith("line\n")
    assert "hunter2" not in result.output


def test_of_a_truncated_event_the_part_before_the_break_is_shown(graveyard: Graveyard) -> None:
    graveyard.bury(value()[:120], came_from=ANALYZED)
    result = graveyard.dlq("show", "0:0")
    assert "broken" in result.stdout
    start = json.loads("{" + result.stdout.partition("{\n")[2])
    assert start["tenant_id"] == "acme"
    assert "fingerprint" not in start


def test_text_is_shown_as_text_and_bytes_as_hexadecimal(graveyard: Graveyard) -> None:
    graveyard.bury(SECRET.encode() + b"\n\x1b", b"\x07\xfe" * 99, None, came_from=EXECUTED)
    text = graveyard.dlq("show", "0:0").stdout
    assert "username admin password" in text
    assert "hunter2" not in text
    assert "\x1b" not in text
    data = graveyard.dlq("show", "0:1").stdout
    assert data.splitlines()[-1] == " ".join(["07 fe"] * 32)
    assert "198 bytes: magic byte is 7" in data
    assert "0 bytes: null" in graveyard.dlq("show", "0:2").stdout


def test_raw_is_the_value_and_nothing_else(graveyard: Graveyard) -> None:
    graveyard.bury(b"\0\xff\n", came_from=EXECUTED)
    assert graveyard.dlq("show", "0:0", "--raw").stdout_bytes == b"\0\xff\n"


def test_a_place_without_a_letter_is_refused(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", came_from=EXECUTED)
    for position in ("0:7", "9:0"):
        result = graveyard.dlq("show", position)
        assert result.exit_code == 1
        assert f"no dead letter at {position}" in result.output
    assert graveyard.dlq("show", "seven").exit_code == 2
