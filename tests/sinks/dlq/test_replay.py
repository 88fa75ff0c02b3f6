"""`netcopilot dlq replay` on a real broker."""

import os
import re
import signal
import subprocess
import sys
from typing import cast

from confluent_kafka import Message

from schemas.topics import ANALYZED, DEAD, EXECUTED
from tests.sinks.dlq.graveyard import Graveyard
from tests.sinks.sink_process import wait_for

ORIGINAL = (("ce_id", b"1"), ("ce_id", b"again"), ("traceparent", b"00-\xff"))


def headers(message: Message) -> list[tuple[str, bytes]]:
    return cast("list[tuple[str, bytes]]", message.headers() or [])


def values(messages: list[Message]) -> list[bytes | None]:
    return [message.value() for message in messages]


def test_what_died_goes_back_as_it_was_and_counts_its_replays(graveyard: Graveyard) -> None:
    graveyard.bury(b"\0\xff", None, came_from=EXECUTED, headers=ORIGINAL)
    graveyard.bury(b"analyzed", came_from=ANALYZED, partition=1, stage="sink")
    result = graveyard.dlq("replay")
    assert result.exit_code == 0, result.output
    back = graveyard.read(EXECUTED)
    assert values(back) == [b"\0\xff", None]
    assert {message.partition() for message in back} == {1}
    assert {message.key() for message in back} == {b"acme/r1"}
    assert headers(back[0]) == [*ORIGINAL, ("dlq.replays", b"1")]
    assert values(graveyard.read(ANALYZED)) == [b"analyzed"]
    assert f"2  sent to {EXECUTED.named(graveyard.prefix)}" in result.stdout
    assert "--since" in result.stdout


def test_a_dry_run_sends_nothing(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", b"b", came_from=EXECUTED)
    result = graveyard.dlq("replay", "--dry-run")
    assert result.exit_code == 0
    assert "2  would be sent" in result.stdout
    assert graveyard.read(EXECUTED) == []


def test_a_limited_replay_says_where_to_go_on(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", b"b", b"c", came_from=EXECUTED)
    graveyard.bury(b"d", came_from=EXECUTED, partition=1, first=3)
    first = graveyard.dlq("replay", "--limit", "2")
    (start,) = re.findall(r"--from (\d+:\d+)", first.stdout)
    assert values(graveyard.read(EXECUTED)) == [b"a", b"b"]
    assert graveyard.dlq("replay", "--from", start).exit_code == 0
    assert values(graveyard.read(EXECUTED)) == [b"a", b"b", b"c", b"d"]


def test_conditions_choose_what_is_sent(graveyard: Graveyard) -> None:
    graveyard.bury(b"a", came_from=EXECUTED, reason="schema id 9 is not in the registry")
    graveyard.bury(b"b", came_from=EXECUTED, first=1)
    assert graveyard.dlq("replay", "--reason", "registry").exit_code == 0
    assert values(graveyard.read(EXECUTED)) == [b"a"]


def test_what_was_sent_too_often_or_came_from_elsewhere_is_refused(graveyard: Graveyard) -> None:
    graveyard.bury(b"often", came_from=EXECUTED, headers=(("dlq.replays", b"2"),))
    graveyard.bury(b"foreign", came_from=DEAD, first=1)
    graveyard.bury(b"good", came_from=EXECUTED, first=2)
    result = graveyard.dlq("replay", "--max-replays", "2")
    assert result.exit_code == 1
    assert "0:0 refused: it was sent again 2 times already" in result.output
    assert "0:1 refused" in result.output
    assert values(graveyard.read(EXECUTED)) == [b"good"]


def test_on_demand_the_first_refusal_ends_it_behind_what_was_sent(graveyard: Graveyard) -> None:
    graveyard.bury(b"good", came_from=EXECUTED)
    graveyard.bury(b"often", came_from=EXECUTED, headers=(("dlq.replays", b"3"),), first=1)
    graveyard.bury(b"later", came_from=EXECUTED, first=2)
    result = graveyard.dlq("replay", "--stop-on-error")
    assert result.exit_code == 1
    assert "go on with --from 0:1" in result.stdout
    assert values(graveyard.read(EXECUTED)) == [b"good"]


def test_two_letters_of_one_message_send_it_once(graveyard: Graveyard) -> None:
    """A worker that died before its acknowledgement was followed by one that buried the message again."""
    graveyard.bury(b"a", b"b", came_from=EXECUTED)
    graveyard.bury(b"a", b"b", came_from=EXECUTED)
    result = graveyard.dlq("replay")
    assert result.exit_code == 0
    assert "2  passed over" in result.stdout
    assert values(graveyard.read(EXECUTED)) == [b"a", b"b"]


def test_a_rate_is_kept(graveyard: Graveyard) -> None:
    graveyard.bury(*[b"x"] * 21, came_from=EXECUTED)
    assert graveyard.dlq("replay", "--rate", "10").exit_code == 0
    first, *_, last = (message.timestamp()[1] for message in graveyard.read(EXECUTED))
    assert last - first >= 1_900


def test_ctrl_c_ends_it_with_the_place_to_go_on(graveyard: Graveyard) -> None:
    graveyard.bury(*[b"x"] * 600, came_from=EXECUTED)
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "dlq", "replay", "--rate", "1"],
        env=os.environ
        | {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": graveyard.kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": graveyard.prefix,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: len(graveyard.read(EXECUTED)) >= 2, "the first letters")
        process.send_signal(signal.SIGINT)
        told, complaints = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert f"go on with --from 0:{len(graveyard.read(EXECUTED))}" in told
    assert "Traceback" not in complaints
