"""`netcopilot dlq list` on a real broker."""

import json
import uuid

from click.testing import CliRunner
from confluent_kafka.admin import AdminClient

from cli.main import main
from schemas.topics import ANALYZED, EXECUTED
from tests.sinks.dlq.graveyard import Graveyard


def test_every_letter_of_every_partition_is_listed(graveyard: Graveyard) -> None:
    graveyard.bury(*[b"x" * 9] * 700, came_from=EXECUTED)
    graveyard.bury(b"y", None, came_from=ANALYZED, partition=1, reason="null value", stage="sink", first=40)
    result = graveyard.dlq("list", "--limit", "1000", "--json")
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["position"] for row in rows} == {f"0:{n}" for n in range(700)} | {"1:0", "1:1"}
    newest = rows[-1]
    assert newest.pop("time")
    assert newest == {
        "position": "1:1",
        "stage": "sink",
        "topic": ANALYZED.named(graveyard.prefix),
        "partition": 1,
        "offset": 41,
        "bytes": 0,
        "replays": 0,
        "reason": "null value",
    }


def test_the_table_ends_with_the_newest_and_says_what_it_leaves_out(graveyard: Graveyard) -> None:
    graveyard.bury(*[b"x"] * 5, came_from=EXECUTED)
    graveyard.bury(b"y", came_from=EXECUTED, reason="\x1b[31mred\nnews", first=5)
    lines = graveyard.dlq("list", "--limit", "2").stdout.splitlines()
    assert lines[0].split() == ["position", "time", "stage", "from", "bytes", "replays", "reason"]
    assert [line.split()[0] for line in lines[1:3]] == ["0:4", "0:5"]
    assert f"{EXECUTED.named(graveyard.prefix)} 1:5" in lines[2]
    assert "\\x1b[31mred" in lines[2]
    assert "4 older ones" in lines[-1]


def test_conditions_hold_together(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", came_from=EXECUTED, reason="magic byte is 9")
    graveyard.bury(b"b", came_from=EXECUTED, reason="null value", key=b"other/r1", first=1)
    graveyard.bury(b"c", came_from=ANALYZED, reason="magic byte is 7", stage="sink", first=2)

    def found(*conditions: str) -> list[str]:
        lines = graveyard.dlq("list", "--json", *conditions).stdout.splitlines()
        return [json.loads(line)["position"] for line in lines]

    assert found("--reason", "MAGIC") == ["0:0", "0:2"]
    assert found("--reason", "magic", "--stage", "sink") == ["0:2"]
    assert found("--topic", "commands.executed") == ["0:0", "0:1"]
    assert found("--tenant", "other") == ["0:1"]
    assert found("--since", "-1h") == ["0:0", "0:1", "0:2"]
    assert found("--until", "-1h") == []


def test_the_summary_counts_by_reason(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", came_from=EXECUTED, reason="null value")
    graveyard.bury(b"b", b"c", came_from=ANALYZED, reason="magic byte is 7", stage="sink", partition=1)
    first, second, last = graveyard.dlq("list", "--summary").stdout.splitlines()
    assert first.split()[:2] == ["2", "sink"]
    assert "magic byte is 7" in first
    assert second.split()[:2] == ["1", "worker"]
    assert last.split() == ["3", "dead", "letters"]
    counts = [json.loads(line)["count"] for line in graveyard.dlq("list", "--summary", "--json").stdout.splitlines()]
    assert counts == [2, 1]


def test_no_group_is_left_behind(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", came_from=EXECUTED)
    assert graveyard.dlq("list").exit_code == 0
    groups = AdminClient({"bootstrap.servers": graveyard.kafka}).list_consumer_groups().result(30)
    assert "netcopilot-dlq" not in {group.group_id for group in groups.valid}


def test_an_empty_topic_is_an_empty_list(graveyard: Graveyard) -> None:
    assert len(graveyard.dlq("list").stdout.splitlines()) == 1
    assert graveyard.dlq("list", "--json").stdout == ""


def test_a_missing_topic_is_named_with_its_cure(kafka: str) -> None:
    options = ["--kafka-bootstrap-servers", kafka, "--kafka-topic-prefix", f"{uuid.uuid4().hex}."]
    result = CliRunner().invoke(main, ["dlq", "list", *options])
    assert result.exit_code == 78
    assert "netcopilot topics create" in result.output


def test_a_bad_time_is_refused() -> None:
    result = CliRunner().invoke(main, ["dlq", "list", "--since", "yesterday"])
    assert result.exit_code == 2
    assert "RFC 3339" in result.output
