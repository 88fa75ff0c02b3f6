"""`netcopilot replay` on a real broker, a real ClickHouse and the engine of today."""

import pytest

from schemas.headers import ANALYZED_TYPE, REPLAY
from schemas.topics import ANALYSES_REQUESTED
from streams.analysis.rules.catalogue import RULES_VERSION
from tests.streams.replay.history import PARTITIONS, PATIENCE, History, ping

pytestmark = pytest.mark.timeout(900)

TODAY = {"ok": 20, "warning": 20}
AGES = "2020-01-01T00:00:00Z"
SOURCES = pytest.mark.parametrize("source", ["kafka", "clickhouse"])
_CONTENT = "SELECT event_id, output, started_at, labels, status, exit_code FROM commands FINAL ORDER BY event_id"


@pytest.fixture
def judged_by_older_rules(history: History) -> History:
    """Forty executions, whose rows older rules left `unknown`."""
    executions = [ping(number) for number in range(40)]
    history.execute(executions)
    history.remember(executions)
    return history


@SOURCES
def test_rows_and_statistics_follow_the_rules_of_today_once(judged_by_older_rules: History, source: str) -> None:
    history = judged_by_older_rules
    before = history.ask(_CONTENT)
    report = history.run("--from", AGES, "--source", source)
    assert (report["finished"], report["published"], report["made"]) == (True, 40, 14)
    assert report["verdicts"] == [["unknown", "ok", 20], ["unknown", "warning", 20]]
    history.sink()
    assert history.ask("SELECT DISTINCT rules_version FROM commands FINAL") == [(RULES_VERSION,)]
    assert history.verdicts() == history.counted() == TODAY
    assert history.ask(_CONTENT) == before

    process = history.start("--json", "--from", AGES, "--source", source)
    output, told = process.communicate(timeout=PATIENCE)
    assert "with the same rules, 40 executions" in told
    assert '"published": 0' in output
    assert len(history.read()) == 40


def test_messages_keep_key_partition_and_headers_and_are_marked(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    report = history.run("--from", "-1d")
    messages = history.read()
    assert {m.partition() for m in messages} == set(range(PARTITIONS))
    for message in messages:
        headers = dict(message.headers() or [])
        assert headers[ANALYZED_TYPE[0]] == ANALYZED_TYPE[1]
        assert headers["traceparent"] == b"00-1-2-01"
        assert headers[REPLAY] == report["replay"].encode()
    assert {(m.key(), m.partition()) for m in messages} == {
        (f"acme/r{number % 5}".encode(), number % PARTITIONS) for number in range(40)
    }


def test_everything_is_published_without_a_look_at_clickhouse(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    history.clickhouse_url = "http://127.0.0.1:1"
    assert history.run("--from", "-1d", "--all")["published"] == 40
    assert history.run("--from", "-1d", "--all", "--device", "r1")["published"] == 8


def test_a_dry_run_tells_what_would_change_and_changes_nothing(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    report = history.run("--from", "-1d", "--dry-run", "--command", "ping", "--tenant", "acme")
    assert report["verdicts"] == [["unknown", "ok", 20], ["unknown", "warning", 20]]
    assert (report["findings_changed"], report["published"]) == (20, 0)
    assert history.read() == []
    assert not (history.folder / "replays").exists()
    assert history.run("--from", "-1d", "--dry-run", "--os-type", "ios")["selected"] == 0


def test_offsets_name_partitions_and_their_stretches(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    report = history.run("--from", "0:5,1:15", "--to", "0:8")
    assert report["published"] == 3 + 5
    told = history.refuse("--from", "7:0", code=78)
    assert "there is no 7" in told


def test_times_are_those_of_the_events(history: History) -> None:
    executions = [ping(number, minutes_ago=10 * number) for number in range(10)]
    history.execute(executions)
    history.remember(executions)
    for source in ("kafka", "clickhouse"):
        report = history.run("--from", "-45m", "--to", "-15m", "--source", source, "--dry-run")
        assert report["selected"] == 3, source


def test_what_cannot_be_read_is_counted_and_named(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    history.spoil(b"\x09nothing")
    report = history.run("--from", "-1d", code=1)
    assert (report["published"], report["unreadable"]) == (40, 1)
    (place,) = report["unreadable_places"]
    assert "commands.executed 0:20: magic byte is 9" in place


def test_explanations_are_asked_for_on_demand_once_a_fingerprint(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    assert history.run("--from", "-1d", "--dry-run", "--explain")["requested"] == 0
    asked = history.run("--from", "-1d", "--explain")["requested"]
    fingerprints = {record["fingerprint"] for record in history.published()}
    assert asked == len(history.read(ANALYSES_REQUESTED)) == len(fingerprints) == 2


def test_events_without_a_row_get_one(history: History) -> None:
    history.execute([ping(number) for number in range(10)])
    report = history.run("--from", "-1d")
    assert report["verdicts"] == [["-", "ok", 5], ["-", "warning", 5]]
    history.sink()
    assert history.verdicts() == {"ok": 5, "warning": 5}


def test_what_has_expired_is_no_silence(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    if not history.expire({0: 10}):
        pytest.skip("this broker deletes no records")
    told = history.refuse("--from", "0:3", code=78)
    assert "keeps no older messages than 0:10" in told
    assert "--source clickhouse" in told
    assert "--source clickhouse" in history.refuse("--from", "-1d", code=78)
    assert history.run("--from", "0:10,1:0", "--dry-run")["selected"] == 30


def test_a_replayed_row_is_neither_lost_nor_twice(judged_by_older_rules: History) -> None:
    history = judged_by_older_rules
    history.run("--from", "-1d")
    report = history.verify()
    assert report["clean"], report
    history.sink()
    report = history.verify()
    assert report["clean"], report
