"""Where every event is at the end: in the topics, in the table, before the eyes of readers, in the dead letters."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import clickhouse_connect
import httpx
from confluent_kafka import Message

from schemas.topics import ANALYZED, DEAD, EXECUTED, Topic
from tests.chaos.platform import Platform
from tests.services.reading import read_topic

_DATABASE = "netcopilot"
_PAGE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Census:
    """How often each event is in each place."""

    executed: Mapping[UUID, int]
    """Messages of commands.executed."""
    analyzed: Mapping[UUID, int]
    """Messages of commands.analyzed."""
    rows: Mapping[UUID, int]
    """Rows of the table that no merge has joined yet."""
    visible: Mapping[UUID, int]
    """Lines on the pages of GET /v1/commands."""
    dead: Mapping[UUID, int]
    """Dead letters."""
    numbers: Mapping[str, set[int]]
    """Sequence numbers of the visible events, by agent."""


def count_everything(platform: Platform) -> Census:
    """Look into every place."""
    visible: Counter[UUID] = Counter()
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for item in _items(platform.api):
        visible[UUID(item["event_id"])] += 1
        numbers[item["agent_id"]].add(item["sequence"])
    return Census(
        executed=_messages(platform, EXECUTED),
        analyzed=_messages(platform, ANALYZED),
        rows=rows(platform),
        visible=visible,
        dead=_messages(platform, DEAD),
        numbers=numbers,
    )


def rows(platform: Platform) -> Counter[UUID]:
    """Return how many rows each event is."""
    url, database = platform.environment["NETCOPILOT_CLICKHOUSE_URL"], _DATABASE
    client = clickhouse_connect.get_client(dsn=url, database=database)
    try:
        counted = client.query("SELECT event_id, count() FROM commands GROUP BY event_id").result_rows
        return Counter({row[0]: row[1] for row in counted})
    finally:
        client.close()


def _messages(platform: Platform, topic: Topic) -> Counter[UUID]:
    """Return how many messages of a topic bear each event's id."""
    messages = read_topic(platform.cluster.bootstrap_servers, topic.name)
    return Counter(map(_event_id, messages))


def _event_id(message: Message) -> UUID:
    headers = cast("list[tuple[str, bytes]]", message.headers())
    return UUID(dict(headers)["ce_id"].decode())


def _items(api: str) -> Iterator[dict[str, Any]]:
    """Yield the items of all pages."""
    with httpx.Client(base_url=api, timeout=_PAGE_SECONDS) as client:
        cursor: str | None = None
        while True:
            query = httpx.QueryParams({"limit": 500, **({} if cursor is None else {"cursor": cursor})})
            page = client.get("/v1/commands", params=query).raise_for_status().json()
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return
