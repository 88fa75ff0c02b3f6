"""What is written where: a topic's events into a table."""

from dataclasses import dataclass
from typing import Final

from schemas.topics import ANALYSES as ANALYSES_TOPIC
from schemas.topics import ANALYZED, Topic
from sinks.tables import ANALYSES, COMMANDS


@dataclass(frozen=True, slots=True)
class Feed:
    """A topic and the table whose columns are the fields of its events."""

    topic: Topic
    table: str
    group_suffix: str = ""
    """What the consumer group's name ends with: each feed is a group of its own."""


COMMANDS_FEED: Final = Feed(ANALYZED, COMMANDS)
ANALYSES_FEED: Final = Feed(ANALYSES_TOPIC, ANALYSES, "-analyses")
