import gzip
import itertools
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from producers.errors import RecordingError
from producers.identity import Identity
from producers.recordings import RecordingReader, lines_of, open_recording
from schemas.event import CommandExecuted, output_digest

CORPORA = Path(os.environ.get("NETCOPILOT_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora"))


def reader() -> RecordingReader:
    identity = Identity(
        tenant_id="acme", device_id="loader", hostname="loader", agent_id="me", agent_version="1", labels={"site": "x"}
    )
    return RecordingReader(identity, next_sequence=itertools.count(1).__next__, output_limit=1024)


def read(row: Any) -> CommandExecuted:
    return reader().read(json.dumps(row).encode())


def test_a_suzieq_row() -> None:
    event = read(
        {
            "hostname": "spine01",
            "namespace": "dc1",
            "os_type": "cumulus",
            "command": "ip neigh",
            "output": "x\n",
            "status": 0,
            "timestamp": 1616638468515,
        }
    )
    assert (event.tenant_id, event.device_id, event.hostname, event.agent_id) == ("acme", "spine01", "spine01", "me")
    assert (event.os_type, event.command, event.output, event.status) == ("cumulus", "ip neigh", "x\n", "OK")
    assert event.labels == {"site": "x", "namespace": "dc1"}
    assert event.started_at == event.ended_at == datetime(2021, 3, 25, 2, 14, 28, 515000, UTC)
    assert (event.sequence, event.output_bytes, event.output_sha256) == (1, 2, output_digest("x\n"))


def test_other_recordings_names() -> None:
    assert read({"command": "show version", "platform": "cisco_ios", "output": ""}).os_type == "cisco_ios"
    assert read({"command": "x", "output": {"a": "é"}}).output == '{"a": "é"}'
    assert read({"command": "x", "status": 200}).status == "OK"
    assert read({"command": "x", "status": 404}).status == "FAILED"
    assert read({"command": "x", "exit_code": 2}).status == "FAILED"
    assert read({"command": "x"}).status == "UNKNOWN"


def test_an_event_keeps_its_own_fields() -> None:
    own = {
        "event_id": "0190b5a0-0000-7000-8000-000000000001",
        "tenant_id": "t",
        "device_id": "d",
        "hostname": "h",
        "agent_id": "a",
        "sequence": 7,
        "user_id": "u",
        "session_id": "s",
        "started_at": "2026-01-01T00:00:00+00:00",
        "ended_at": 1767225601000000,
        "labels": {"site": "y"},
        "os_type": "ios",
        "command": "show clock",
        "status": "TIMEOUT",
        "exit_code": 143,
        "output": "o",
    }
    event = read(own)
    for name in ("tenant_id", "device_id", "hostname", "agent_id", "sequence", "user_id", "session_id", "status"):
        assert getattr(event, name) == own[name]
    assert (str(event.event_id), event.labels, event.duration_us) == (own["event_id"], {"site": "y"}, 1_000_000)


def test_secrets_are_masked_and_long_outputs_cut() -> None:
    event = read({"command": "x --password hunter2", "output": "enable secret 5 hunter2\n" + "é" * 1000})
    assert "hunter2" not in event.command + event.output
    assert event.redactions == 2
    assert event.output_truncated
    assert len(event.output.encode()) <= 1024
    assert event.output_bytes == 2024


def test_lone_surrogates_are_replaced() -> None:
    assert read({"command": "x", "output": "a\ud800b"}).output == "a?b"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe{}", "no JSON"),
        (b"[1]", "no JSON object"),
        (b"{}", "`command` is missing"),
        (b'{"command": ""}', "`command` is missing"),
        (b'{"command": 7}', "`command` is no text"),
        (b'{"command": "x", "exit_code": "0"}', "`exit_code` is no integer"),
        (b'{"command": "x", "timestamp": 99999999999999999999}', "`timestamp` is out of range"),
        (b'{"command": "x", "started_at": "yesterday"}', "`started_at` is no ISO 8601 time"),
        (b'{"command": "x", "event_id": "7"}', "`event_id` is no UUID"),
        (b'{"command": "x", "labels": {"a": 1}}', "`labels` is no object of texts"),
        (b'{"command": "x", "status": "GREAT"}', "`status` is neither"),
    ],
)
def test_what_is_no_execution_is_refused_with_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(RecordingError, match=reason):
        reader().read(line)


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a", tmp_path / "b"
    plain.write_bytes(b"1\n\n2\n")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (plain, packed):
        with open_recording(str(path)) as stream:
            assert [(line.number, line.text) for line in lines_of(stream)] == [(1, b"1\n"), (3, b"2\n")]


@pytest.mark.skipif(not CORPORA.exists(), reason="no corpora: see NETCOPILOT_CORPORA")
@pytest.mark.parametrize(("name", "rows"), [("suzieq", 895), ("ntc_templates", 1885), ("jc", 288)])
def test_every_row_of_the_corpora_is_an_execution(name: str, rows: int) -> None:
    read_row = reader().read
    with open_recording(str(CORPORA / f"{name}.jsonl.gz")) as stream:
        events = [read_row(line.text) for line in lines_of(stream)]
    assert len(events) == rows
    assert all(event.command and event.os_type for event in events)
