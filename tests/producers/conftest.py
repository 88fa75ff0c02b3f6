"""What the tests of this part share: settings apart from the user's own, and a way to read a topic back."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Message

from producers.envelope import Envelope
from producers.settings import ProducerSettings
from producers.spool import Spool
from schemas import catalog, codec, wire
from tests.services import reading

ROOT = Path(__file__).resolve().parents[2]

ReadTopic = Callable[[str], list[Message]]
Environment = dict[str, str]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own environment, `.env` and spool stay out of the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETCOPILOT_SPOOL_DIR", str(tmp_path / "spool"))
    for name in ("NETCOPILOT_TENANT_ID", "NETCOPILOT_AGENT_ID", "TRACEPARENT", "SCHEMA_REGISTRY_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """The environment of a command: no broker answers there, so that what it published is in its spool."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "NETCOPILOT_SPOOL_DIR": str(tmp_path / "spool"),
        "NETCOPILOT_PUBLISH_TIMEOUT_SECONDS": "0.5",
        "NETCOPILOT_AGENT_DRAIN_SECONDS": "0.2",
    }


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., ProducerSettings]:
    """Make settings with a spool of the test's own; the broker is a closed port unless one is given."""

    def make(**values: Any) -> ProducerSettings:
        defaults = {
            "kafka_bootstrap_servers": "127.0.0.1:1",
            "spool_dir": tmp_path / "spool",
            "agent_id": "test-agent",
            "publish_timeout_seconds": 10.0,
        }
        return ProducerSettings(**{**defaults, **values})

    return make


@pytest.fixture
def read_topic(kafka: str) -> ReadTopic:
    """Return all messages of a topic, in order within each partition."""
    return partial(reading.read_topic, kafka)


def recorded(environment: Environment) -> list[dict[str, Any]]:
    """Return the events in the spool of an environment."""
    spool = Spool(Path(environment["NETCOPILOT_SPOOL_DIR"]), max_bytes=1 << 30)
    envelopes = map(Envelope.from_bytes, spool.read(max_payloads=100_000, max_bytes=1 << 30).payloads)
    return [codec.decode(catalog.by_id(envelope.schema_id), envelope.datum) for envelope in envelopes]


def decoded(message: Message) -> dict[str, Any]:
    """Return the event in a message."""
    schema_id, datum = wire.unframe(message.value())
    return codec.decode(catalog.by_id(schema_id), datum)
