"""An API that follows a topic, with nothing else behind it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api.settings import ApiSettings
from tests.api.events import produce
from tests.api.serving import serving, wait_until
from tests.services.process import free_port


@dataclass(frozen=True)
class Stage:
    """Where the API is, and what it follows."""

    url: str
    kafka: str
    topic: str

    @property
    def live(self) -> str:
        return f"{self.url}/v1/live"

    @property
    def socket(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/ws/commands"

    def publish(self, *events: Mapping[str, Any]) -> list[str]:
        """Publish events and return their ids."""
        produce(self.kafka, self.topic, events)
        return [str(event["event_id"]) for event in events]

    def metric(self, name: str) -> float:
        lines = httpx.get(f"{self.url}/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(f"{name} ")))

    def wait_until_attached(self) -> None:
        wait_until(self.attached)

    def attached(self) -> bool:
        probes = httpx.get(f"{self.url}/readyz").json()["probes"]
        return bool(probes["live_reader"] == "attached")


@contextmanager
def staged(kafka: str, topic: str, *, attached: bool = True, **given: Any) -> Iterator[Stage]:
    """The stage, its reader attached unless told otherwise."""
    settings = ApiSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=f"http://127.0.0.1:{free_port()}",
        api_live_heartbeat_seconds=0.2,
    ).model_copy(update=given)
    with serving(settings, analyzed_topic=topic) as url:
        stage = Stage(url, kafka, topic)
        if attached:
            stage.wait_until_attached()
        yield stage
