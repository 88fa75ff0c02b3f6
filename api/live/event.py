"""An analysed event as live streams carry it: decoded once, serialised once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from api.models.command import CommandItem
from schemas import codec, wire
from schemas.registry import Registry

ITEM_FIELDS = tuple(CommandItem.model_fields)
_TIMES = ("started_at", "ended_at")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event, ready to be written to any number of streams."""

    device_id: str
    os_type: str
    verdict: str
    kinds: frozenset[str]
    """Kinds of its findings."""
    sse: bytes
    """The frame for `text/event-stream`."""
    websocket: str
    """The frame for WebSockets."""


def decode(registry: Registry, value: bytes | None) -> dict[str, Any]:
    """Return the record that a message of `commands.analyzed` holds.

    Raises:
        DatumError: it is no such message.
        RegistryUnavailableError: the schema registry does not answer.

    """
    schema_id, datum = wire.unframe(value)
    return codec.decode(registry.by_id(schema_id), datum)


def render(record: dict[str, Any], position: str) -> LiveEvent:
    """Return the event of a CommandAnalyzed record; `position` is the stream's after it, as clients are given it."""
    item = {name: record[name] for name in ITEM_FIELDS}
    for name in _TIMES:
        item[name] = timestamp(item[name])
    text = to_json(item)
    return LiveEvent(
        device_id=record["device_id"],
        os_type=record["os_type"],
        verdict=record["verdict"],
        kinds=frozenset(finding["kind"] for finding in record["findings"]),
        sse=b"id: %s\nevent: command\ndata: %s\n\n" % (position.encode(), text),
        websocket=f'{{"type":"command","id":"{position}","item":{text.decode()}}}',
    )


def timestamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with microseconds, as ClickHouse renders it for the history."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
