"""Explanations and dead letters on their way to Kafka."""

import asyncio
from functools import partial
from typing import cast

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.errors import TransientError
from runtime.kafka import client_config
from schemas.dead_letter import DeadLetter
from schemas.headers import Headers
from schemas.topics import ANALYSES, ANALYSES_REQUESTED, DEAD
from streams.explanation.explanation import Explanation
from streams.explanation.settings import ExplainerSettings

_STAGE = "explainer"
_PATIENCE = 30.0


class ExplanationPublisher:
    """An idempotent producer; every call returns when the broker has the message."""

    def __init__(self, settings: ExplainerSettings) -> None:
        self._prefix = settings.kafka_topic_prefix
        self._producer = Producer(
            client_config(settings, client_id="netcopilot-explainer")
            | {"enable.idempotence": True, "acks": "all", "linger.ms": 0, "message.timeout.ms": int(_PATIENCE * 1000)}
        )

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
        await asyncio.to_thread(self._send, ANALYSES.named(self._prefix), explanation.key, value, headers)

    async def bury(self, message: Message, reason: str) -> None:
        """Send a message that is no request to the dead letters.

        Raises:
            TransientError: the broker did not take it in time.

        """
        letter = DeadLetter(reason, _STAGE, message.topic() or "", message.partition() or 0, message.offset() or 0)
        original = cast("list[tuple[str, bytes]] | None", message.headers())
        await asyncio.to_thread(
            self._send, DEAD.named(self._prefix), message.key(), message.value(), letter.headers(original)
        )

    def missing_topics(self) -> list[str]:
        """Return the topics that the broker lacks.

        Raises:
            KafkaException: it does not answer.

        """
        there = self._producer.list_topics(timeout=10).topics
        return [topic.name for topic in (ANALYSES_REQUESTED, ANALYSES, DEAD) if topic.named(self._prefix) not in there]

    def _send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        errors: list[KafkaError | None] = []
        try:
            self._producer.produce(topic, value, key, headers=headers, on_delivery=partial(_note, errors))
        except (KafkaException, BufferError) as error:
            raise TransientError(f"the broker took no message for {topic}: {error}") from error
        self._producer.flush(_PATIENCE)
        if not errors or errors[0] is not None:
            raise TransientError(f"the broker took no message for {topic}: {errors[0] if errors else 'no answer'}")


def _note(errors: list[KafkaError | None], error: KafkaError | None, _message: Message) -> None:
    errors.append(error)
