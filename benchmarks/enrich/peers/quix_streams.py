"""The enrichment as a Quix Streams application.

python -m benchmarks.enrich.peers.quix_streams BROKER REDIS_URL PREFIX
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import redis
from quixstreams import Application
from quixstreams.models.serializers import Deserializer, Serializer

from benchmarks.enrich.peers import textbook
from schemas.codec import decode, encode
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE
from schemas.topics import ANALYZED, EXECUTED
from streams.analysis import Execution


class ExecutedDeserializer(Deserializer):  # type: ignore[misc]
    """Reads CommandExecuted."""

    def __call__(self, value: bytes, **_context: object) -> dict[str, Any]:
        """Return the record."""
        return textbook.unpack(textbook.EXECUTED_SCHEMA, value)


class AnalyzedSerializer(Serializer):  # type: ignore[misc]
    """Writes CommandAnalyzed."""

    def __call__(self, value: Mapping[str, Any], **_context: object) -> bytes:
        """Return the message value."""
        return textbook.pack(textbook.ANALYZED_SCHEMA, value)


class Enrichment:
    """What the application applies to each event."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_url(redis_url)

    def __call__(self, record: dict[str, Any], _key: bytes, timestamp: int, _headers: object) -> dict[str, Any]:
        """Return an event's record with its analysis; `timestamp` is Kafka's, in milliseconds."""
        execution = Execution(**{name: record[name] for name in Execution.__slots__})
        key = textbook.cache_key(execution)
        kept = self._redis.get(key)
        if isinstance(kept, bytes):
            analysis = decode(textbook.ANALYSIS_SCHEMA, kept)
        else:
            analysis = textbook.analyze(execution)
            self._redis.set(key, encode(textbook.ANALYSIS_SCHEMA, analysis), ex=textbook.TTL)
        return record | textbook.own_fields(timestamp / 1000, known=kept is not None) | analysis


def main(broker: str, redis_url: str, prefix: str) -> None:
    """Run until told to stop."""
    app = Application(
        broker_address=broker, consumer_group=f"{prefix}worker", auto_offset_reset="earliest", loglevel="WARNING"
    )
    executed = app.topic(EXECUTED.named(prefix), value_deserializer=ExecutedDeserializer())
    analyzed = app.topic(ANALYZED.named(prefix), value_serializer=AnalyzedSerializer())
    stream = app.dataframe(executed).apply(Enrichment(redis_url), metadata=True)
    stream.set_headers(_analyzed_headers).to_topic(analyzed)
    app.run()


def _analyzed_headers(
    _value: object, _key: object, _timestamp: int, headers: Sequence[tuple[str, bytes]]
) -> list[tuple[str, bytes]]:
    return [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in headers]


if __name__ == "__main__":
    main(*sys.argv[1:])
