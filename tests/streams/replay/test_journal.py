from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from runtime.errors import ConfigurationError
from streams.replay.bound import Bound
from streams.replay.journal import Entry, Journal
from streams.replay.scope import Origin, Scope
from streams.replay.tally import Tally

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _entry() -> Entry:
    scope = Scope(origin=Origin.KAFKA, begin=Bound(offsets={0: 5}), end=Bound(moment=NOW), begun_at=NOW, tenant="acme")
    tally = Tally(looked_at=7, unreadable=1, unreadable_places=["commands.executed 0:5: null value"])
    tally.verdicts["ok", "critical"] = 3
    return Entry(scope, "rules", "0:12", tally)


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    journal, entry = Journal(tmp_path), _entry()
    assert journal.read(entry.scope.name) is None
    for written in (entry, replace(entry, finished_at=NOW)):
        journal.write(written)
        assert journal.read(entry.scope.name) == written
    assert [path.name for path in tmp_path.iterdir()] == [f"{entry.scope.name}.json"]


def test_the_name_is_that_of_what_was_asked_for_not_of_when() -> None:
    scope = _entry().scope
    assert replace(scope, begun_at=datetime.now(UTC)).name == scope.name
    assert replace(scope, tenant="other").name != scope.name


def test_two_processes_do_not_share_a_replay(tmp_path: Path) -> None:
    with (
        Journal(tmp_path).held("abc"),
        pytest.raises(ConfigurationError, match="running already"),
        Journal(tmp_path).held("abc"),
    ):
        pass
    with Journal(tmp_path).held("abc"):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="NETCOPILOT_REPLAY_DIR"), Journal(tmp_path / "file").held("abc"):
        pass
