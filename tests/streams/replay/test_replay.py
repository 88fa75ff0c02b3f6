"""`netcopilot replay` on a real broker, a real ClickHouse and the engine of today."""

import pytest

from streams.analysis.rules.catalogue import RULES_VERSION
from tests.streams.replay.history import History, ping

TODAY = {"ok": 20, "warning": 20}
SOURCES = pytest.mark.parametrize("source", ["kafka", "clickhouse"])


@pytest.fixture
def judged_by_older_rules(history: History) -> History:
    executions = [ping(number) for number in range(40)]
    history.execute(executions)
    history.remember(executions)
    return history


@SOURCES
def test_rows_and_statistics_follow_the_rules_of_today(judged_by_older_rules: History, source: str) -> None:
    history = judged_by_older_rules
    before = history.ask("SELECT event_id, output, started_at, labels FROM commands FINAL ORDER BY event_id")
    report = history.run("--from", "-1d", "--source", source)
    assert report["finished"]
    assert report["published"] == 40
    assert report["verdicts"] == [["unknown", "ok", 20], ["unknown", "warning", 20]]
    history.sink()
    assert history.verdicts() == TODAY
    assert history.counted() == TODAY
    assert history.ask("SELECT DISTINCT rules_version FROM commands FINAL") == [(RULES_VERSION,)]
    after = history.ask("SELECT event_id, output, started_at, labels FROM commands FINAL ORDER BY event_id")
    assert after == before


@SOURCES
def test_a_second_run_finds_nothing_to_publish(judged_by_older_rules: History, source: str) -> None:
    history = judged_by_older_rules
    history.run("--from", "2020-01-01T00:00:00Z", "--source", source)
    history.sink()
    process = history.start("--json", "--from", "2020-01-01T00:00:00Z", "--source", source)
    _, errors = process.communicate(timeout=60)
    assert "did this at" in errors
    assert "with the same rules, 40 executions" in errors
    assert len(history.read()) == 40
