"""Explanations and dead letters on their way to Kafka."""

import asyncio
from typing import cast

from confluent_kafka import Message

from runtime.awaited_producer import AwaitedProducer, OutgoingMessage
from schemas.dead_letter import DeadLetter
from schemas.headers import Headers
from schemas.topics import ANALYSES, ANALYSES_REQUESTED, DEAD
from streams.explanation.explanation import Explanation
from streams.explanation.settings import ExplainerSettings

_STAGE = "explainer"


class ExplanationPublisher:
    """Every call returns when the broker has the message."""

    def __init__(self, settings: ExplainerSettings) -> None:
        self._prefix = settings.kafka_topic_prefix
        self._producer = AwaitedProducer(settings, client_id="netcopilot-explainer")

    async def publish(self, explanation: Explanation, value: bytes) -> None:
        """Publish an explanation.

        Raises:
            TransientError: the broker did not take it in time.

        """
        headers: Headers = [
            ("ce_type", b"netcopilot.analysis.created"),
            ("ce_specversion", b"1.0"),
            ("ce_id", f"{explanation.fingerprint.hex()}-{explanation.created_at.timestamp()}".encode()),
            ("ce_source", f"/tenants/{explanation.tenant_id}/explainer".encode()),
            ("ce_time", explanation.created_at.isoformat().encode()),
            ("content-type", b"application/avro"),
        ]
        await self._send(OutgoingMessage(ANALYSES.named(self._prefix), explanation.key, value, headers))

    async def bury(self, message: Message, reason: str) -> None:
        """Send a message that is no request to the dead letters.

        Raises:
            TransientError: the broker did not take it in time.

        """
        letter = DeadLetter(reason, _STAGE, message.topic() or "", message.partition() or 0, message.offset() or 0)
        original = cast("list[tuple[str, bytes]] | None", message.headers())
        headers = letter.headers(original)
        await self._send(OutgoingMessage(DEAD.named(self._prefix), message.key(), message.value(), headers))

    def missing_topics(self) -> list[str]:
        """Return the topics that the broker lacks.

        Raises:
            TransientError: it does not answer.

        """
        there = self._producer.partitions()
        return [topic.name for topic in (ANALYSES_REQUESTED, ANALYSES, DEAD) if topic.named(self._prefix) not in there]

    async def _send(self, message: OutgoingMessage) -> None:
        await asyncio.to_thread(self._producer.send, [message])
