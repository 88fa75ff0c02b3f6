"""Canary secrets go in; none comes out: not in messages, headers, spool files, logs or what users see."""

import io
import itertools
import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from producers.envelope import seal
from producers.events import EventFactory
from producers.execution import Execution
from producers.identity import Identity
from producers.publisher import Publisher
from producers.recordings import RecordingReader
from producers.runner import Runner
from producers.settings import ProducerSettings
from runtime.log import configure_logging
from schemas.topics import EXECUTED
from tests.producers.conftest import Environment, ReadTopic
from tests.producers.test_exec import run
from tests.runtime.redaction_samples import SECRET, SECRETS, TOKENS
from tests.services.topics import TopicFactory

PEM = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}AAAA\n-----END OPENSSH PRIVATE KEY-----\n"
CANARIES = [SECRET, *TOKENS]
OUTPUT = "\n".join([*(line.format(s=SECRET) for line in SECRETS), *TOKENS, PEM])
IDENTITY = Identity(tenant_id="t", device_id="d", hostname="h", agent_id="a", agent_version="1")


def leaks(data: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in data]


def executions(tmp_path: Path) -> list[Execution]:
    (tmp_path / "output").write_text(OUTPUT)
    runner = Runner(output_limit=512 * 1024)
    commands = [f"cat {tmp_path}/output", f"cat {tmp_path}/output >&2; exit 1"]
    commands += [line.format(s=SECRET) for line in SECRETS[:36]]
    return [runner.run(f"true || {command}" if "cat" not in command else command, timeout=20) for command in commands]


def test_none_reaches_a_message_its_headers_or_the_spool(
    kafka: str,
    topic_factory: TopicFactory,
    read_topic: ReadTopic,
    make_settings: Callable[..., ProducerSettings],
    tmp_path: Path,
) -> None:
    factory = EventFactory(IDENTITY, next_sequence=itertools.count(1).__next__, output_limit=512 * 1024)
    reader = RecordingReader(IDENTITY, next_sequence=itertools.count(1).__next__, output_limit=512 * 1024)
    ran = executions(tmp_path)
    events = [factory.make(execution) for execution in ran]
    events += [reader.read(json.dumps({"command": one.command, "output": one.output.text}).encode()) for one in ran]
    assert leaks(OUTPUT.encode()) == CANARIES
    prefix = topic_factory.prefixed(EXECUTED)
    topic = EXECUTED.named(prefix)
    for settings in (make_settings(), make_settings(kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix)):
        with Publisher.open(settings) as publisher:
            for event in events:
                publisher.publish(seal(event))
            publisher.close(0 if settings.kafka_bootstrap_servers.endswith(":1") else 60)
        for file in (path for path in settings.spool_dir.rglob("*") if path.is_file()):
            assert leaks(file.read_bytes()) == [], file
    messages = read_topic(topic)
    assert len(messages) == 2 * len(events)
    for message in messages:
        assert leaks(message.value() or b"") == []
        assert leaks(repr((message.key(), message.headers())).encode()) == []


def test_none_reaches_a_log_or_an_error(
    make_settings: Callable[..., ProducerSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    settings = make_settings(log_level="debug", spool_max_bytes=64 * 1024)
    before = logging.getLogger().handlers[:]
    configure_logging(settings, process="test")
    errors: list[str] = []
    factory = EventFactory(IDENTITY, next_sequence=itertools.count(1).__next__, output_limit=512 * 1024)
    try:
        with Publisher.open(settings) as publisher:
            for execution in executions(tmp_path) * 3:
                publisher.publish(seal(factory.make(execution)), lambda receipt: errors.append(str(receipt.error)))
            publisher.close(0)
    finally:
        logging.basicConfig(handlers=before, force=True)
        structlog.reset_defaults()
    assert any("NETCOPILOT_SPOOL_MAX_BYTES" in error for error in errors)
    assert leaks((written.getvalue() + "".join(errors)).encode()) == []


def test_exec_leaks_none_into_its_spool_and_warnings(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "output").write_text(OUTPUT)
    command = ["sh", "-c", f"true --password {SECRET}; cat {tmp_path}/output"]
    run(environment, *command)
    refused = run({**environment, "NETCOPILOT_SPOOL_DIR": "/proc/no"}, *command)
    assert leaks(refused.stderr) == []
    files = [path for path in Path(environment["NETCOPILOT_SPOOL_DIR"]).rglob("*") if path.is_file()]
    assert any(file.stat().st_size > 1000 for file in files)
    assert [leaks(file.read_bytes()) for file in files] == [[]] * len(files)
