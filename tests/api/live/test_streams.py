"""The live streams on a real broker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.api.events import produce
from tests.services.topics import TopicFactory


@dataclass(frozen=True)
class Stage:
    """An API that follows a topic of its own."""

    url: str
    kafka: str
    topic: str

    def publish(self, *events: dict[str, object]) -> list[str]:
        produce(self.kafka, self.topic, events)
        return [str(event["event_id"]) for event in events]

    def metric(self, name: str) -> float:
        lines = httpx.get(f"{self.url}/metrics").text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(f"{name} ")))


@pytest.fixture
def stage_of(kafka: str, topic_factory: TopicFactory) -> Callable[..., Iterator[Stage]]:
    raise NotImplementedError
