"""The enrichment as a Faust application, on Faust's own transport.

python -m benchmarks.enrich.peers.stock_faust BROKER REDIS_URL PREFIX
"""

import asyncio
import sys
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import faust
import redis.asyncio as redis
from faust.types import StreamT

from benchmarks.enrich.peers import textbook
from schemas.catalog import RegisteredSchema
from schemas.codec import decode, encode
from schemas.headers import ANALYZED_TYPE, EXECUTED_TYPE
from schemas.topics import ANALYZED, EXECUTED
from streams.analysis import Execution


class AvroCodec(faust.Codec):
    """Avro behind Confluent's five bytes."""

    def __init__(self, schema: RegisteredSchema) -> None:
        super().__init__()
        self._schema = schema

    def _loads(self, s: bytes) -> Any:
        return textbook.unpack(self._schema, s)

    def _dumps(self, obj: Any) -> bytes:
        return textbook.pack(self._schema, obj)


class CommandExecuted(faust.Record, include_metadata=False):
    """The event as agents publish it."""

    event_id: UUID
    tenant_id: str
    device_id: str
    hostname: str
    agent_id: str
    agent_version: str
    user_id: str
    session_id: str | None
    sequence: int
    started_at: datetime
    ended_at: datetime
    duration_us: int
    trace_id: str | None
    labels: dict[str, str]
    redaction_version: str
    redactions: int
    output_bytes: int
    output_truncated: bool
    output_sha256: str
    os_type: str
    command: str
    status: str
    exit_code: int | None
    output: str


class CommandAnalyzed(CommandExecuted, include_metadata=False):
    """The event with its analysis."""

    analyzed_at: datetime
    analysis_latency_us: int
    cache_status: str
    fingerprint: bytes
    parser: str
    parser_version: str
    parse_status: str
    rules_version: str
    verdict: str
    summary: str
    findings: list[dict[str, Any]]
    facts: dict[str, str]
    command_template: str


def create_app(broker: str, redis_url: str, prefix: str) -> faust.App:
    """Return the application, with Faust's own settings for everything that manuals leave alone."""
    app = faust.App(f"{prefix}worker", broker=f"kafka://{broker}", topic_allow_declare=False, web_enabled=False)
    executed = app.topic(
        EXECUTED.named(prefix), value_type=CommandExecuted, value_serializer=AvroCodec(textbook.EXECUTED_SCHEMA)
    )
    analyzed = app.topic(
        ANALYZED.named(prefix), value_type=CommandAnalyzed, value_serializer=AvroCodec(textbook.ANALYZED_SCHEMA)
    )
    cache = redis.Redis.from_url(redis_url)

    @app.agent(executed)
    async def enrich(stream: StreamT[CommandExecuted]) -> None:
        async for event in stream.events():
            value = await _analyzed(cache, event.value, event.message.timestamp)
            headers = [ANALYZED_TYPE if header == EXECUTED_TYPE else header for header in event.headers.items()]
            await analyzed.send(key=event.message.key, value=value, headers=headers)

    return app


async def _analyzed(cache: redis.Redis, event: CommandExecuted, arrived: float) -> CommandAnalyzed:
    execution = Execution(**{field.name: getattr(event, field.name) for field in fields(Execution)})
    key = textbook.cache_key(execution)
    kept = await cache.get(key)
    if isinstance(kept, bytes):
        analysis = decode(textbook.ANALYSIS_SCHEMA, kept)
    else:
        analysis = textbook.analyze(execution)
        await cache.set(key, encode(textbook.ANALYSIS_SCHEMA, analysis), ex=textbook.TTL)
    own = textbook.own_fields(arrived, known=kept is not None)
    return CommandAnalyzed(**event.asdict(), **own, **analysis)


def main(broker: str, redis_url: str, prefix: str) -> None:
    """Run until told to stop."""
    app = create_app(broker, redis_url, prefix)
    faust.Worker(app, loop=asyncio.new_event_loop(), loglevel="WARNING").execute_from_commandline()


if __name__ == "__main__":
    main(*sys.argv[1:])
