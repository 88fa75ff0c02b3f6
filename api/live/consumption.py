"""How the API's Kafka consumers are configured, and what they keep of a message."""

from typing import Any, cast

from confluent_kafka import Message

from api.kafka import kafka_config
from api.live.batch import RawMessage
from api.settings import ApiSettings
from schemas.headers import Headers, is_replayed


def consumer_config(settings: ApiSettings, *, client_id: str) -> dict[str, Any]:
    """Return the configuration of a consumer that is assigned its partitions and commits nothing."""
    return {
        **kafka_config(settings, client_id=client_id),
        "group.id": "netcopilot-api-live",  # librdkafka asks for one; it is never joined
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "fetch.wait.max.ms": settings.kafka_fetch_wait_ms,
        "queued.max.messages.kbytes": 16_384,
    }


def raw(message: Message) -> RawMessage:
    """Return a message without error as the live streams keep it."""
    return RawMessage(
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        timestamp=message.timestamp()[1],
        key=_bytes(message.key()) or b"",
        value=_bytes(message.value()),
        is_news=not is_replayed(cast("Headers", message.headers() or [])),
    )


def _bytes(content: str | bytes | None) -> bytes | None:
    return content.encode() if isinstance(content, str) else content
