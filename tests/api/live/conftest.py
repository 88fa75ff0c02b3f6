from collections.abc import Iterator

import pytest

from tests.api.live.stage import Stage, staged
from tests.services.topics import TopicFactory


@pytest.fixture
def stage(kafka: str, topic_factory: TopicFactory) -> Iterator[Stage]:
    with staged(kafka, topic_factory("analyzed", partitions=3)) as stage:
        yield stage
