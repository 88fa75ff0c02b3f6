import os
from pathlib import Path

import pytest

from cli.stack.addresses import StackAddresses, adopt

ADDRESSES = StackAddresses("127.0.0.1", kafka_port=1, redis_port=2, clickhouse_port=3, api_port=4)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a running stack wrote, in an environment that sets nothing of it."""
    monkeypatch.chdir(tmp_path)
    for name in (*ADDRESSES.environment(), "NETCOPILOT_SPOOL_DIR"):
        monkeypatch.setenv(name, "to be restored")
        monkeypatch.delenv(name)
    file = tmp_path / "netcopilot.env"
    ADDRESSES.write(file, spool=tmp_path / "spool")
    return file


def test_what_was_written_is_adopted(file: Path, tmp_path: Path) -> None:
    adopt(file)
    assert {name: os.environ[name] for name in ADDRESSES.environment()} == dict(ADDRESSES.environment())
    assert os.environ["NETCOPILOT_SPOOL_DIR"] == str(tmp_path / "spool")
    assert os.environ["NETCOPILOT_CLICKHOUSE_URL"] == "http://127.0.0.1:3"


def test_the_environment_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092")
    adopt(file)
    assert os.environ["NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS"] == "elsewhere:9092"


def test_a_dot_env_wins(file: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NETCOPILOT_REDIS_URL=redis://elsewhere\n")
    adopt(file)
    assert "NETCOPILOT_REDIS_URL" not in os.environ


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    before = dict(os.environ)
    adopt(tmp_path / "missing.env")
    assert dict(os.environ) == before
