"""The connection to the broker: librdkafka's idempotent producer, replaced by a fresh one after a failure."""

from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from producers import answer, metrics
from producers.answer import Answer, Report, Reported
from producers.envelope import Envelope
from producers.settings import ProducerSettings
from producers.wall_clock import WallClock
from runtime.kafka import client_config
from runtime.log import get_logger
from schemas.topics import EXECUTED

_QUEUE_KBYTES = 64 * 1024

log = get_logger(__name__)


def producer_config(settings: ProducerSettings, *, idempotent: bool = True) -> dict[str, str | int | bool]:
    """Return librdkafka's configuration: every message acknowledged by all replicas, in its partition's order.

    Idempotence costs half a second at the start (librdkafka asks for a producer id before it is connected, and again
    500 ms later) and only helps where a retry may overtake or repeat another message: not for a single one.
    """
    return client_config(settings, client_id=f"netcopilot-agent-{settings.agent_id}") | {
        "enable.idempotence": idempotent,
        "acks": "all",
        "compression.type": "lz4",
        "linger.ms": 5,
        "partitioner": "murmur2_random",
        "message.timeout.ms": int(settings.publish_timeout_seconds * 1000),
        "topic.metadata.propagation.max.ms": int(settings.publish_timeout_seconds * 500),  # or it is never told
        "queue.buffering.max.kbytes": _QUEUE_KBYTES,
        "reconnect.backoff.max.ms": 1000,
        "log_level": 2,
    }


class KafkaLink:
    """Sends envelopes to one topic. Reports come from within poll(), or from within send() for what cannot be sent.

    A producer that failed to deliver is replaced once nothing is on its way: a broker that came back without its state
    does not know the producer's id any more, and librdkafka then retries with it for ever, or gives up for good.
    """

    def __init__(self, settings: ProducerSettings, *, idempotent: bool = True) -> None:
        self._config: dict[str, Any] = {**producer_config(settings, idempotent=idempotent), "error_cb": self._on_error}
        self._topic = EXECUTED.named(settings.kafka_topic_prefix)
        self._producer = Producer(self._config)
        self._down = False
        self._suspect = False
        self._fault: str | None = None
        self._wall = WallClock()

    @property
    def is_down(self) -> bool:
        """Whether no broker could be reached at the last attempt."""
        return self._down

    @property
    def works(self) -> bool:
        """Whether nothing speaks against sending now."""
        return not (self._suspect or self._down or self._fault)

    @property
    def fault(self) -> str | None:
        """Why the last message was not taken, with the cure where one is known; None where it was."""
        return self._fault

    def send(self, envelope: Envelope, value: bytes, reported: Reported) -> None:
        """Hand a message over; its report follows.

        Raises:
            BufferError: the queue is full, or the producer is about to be replaced; poll and try again.

        """
        if self._suspect:
            raise BufferError
        try:
            self._producer.produce(
                self._topic,
                value,
                envelope.key,
                headers=envelope.headers,
                on_delivery=lambda error, _message: reported(self._note(answer.of_delivery(error))),
            )
        except KafkaException as error:
            reported(self._note(answer.of_handover(error.args[0])))

    def poll(self) -> None:
        """Pass on the reports there are.

        This never waits in the library: its waits end at a time of the wall clock, and one that is under way while the
        clock is set back an hour takes an hour longer. The library's own timers do so too, so it is replaced then.
        """
        if self._wall.was_set_back():
            log.warning("clock_set_back", consequence="what is on its way is sent again")
            self._suspect = True
            self._producer.purge(blocking=False)
        self._producer.poll(0)
        if self._suspect:
            self._start_over()

    def _start_over(self) -> None:
        if len(self._producer):
            self._producer.purge(in_flight=False, blocking=False)  # what is queued may not overtake what failed
        else:
            self._producer = Producer(self._config)
            self._suspect = False

    def purge(self) -> None:
        """Give up on every message; the reports come with the next poll()."""
        self._producer.purge(blocking=False)

    def _note(self, report: Report) -> Report:
        if report.answer is Answer.TAKEN:
            self._recover()
        elif report.answer is not Answer.NEVER:
            self._suspect = True
        if report.answer is Answer.NOT_NOW:
            metrics.UNACKNOWLEDGED_SENDS.inc()
            if report.reason:
                self._complain(report.reason)
        return report

    def _recover(self) -> None:
        if self._down or self._fault is not None:
            self._down, self._fault = False, None
            log.info("broker_reachable")

    def _complain(self, reason: str) -> None:
        if self._fault is None:
            log.warning("broker_takes_nothing", reason=reason)
        self._fault = self._fault or reason

    def _on_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN and not self._down:  # noqa: SLF001 - how it is spelt
            self._down = True
            log.warning("broker_unreachable", servers=self._config["bootstrap.servers"])
        if answer.needs_a_person(error):
            self._complain(answer.explain(error))
        self._suspect = self._suspect or error.fatal()
