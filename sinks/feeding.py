"""One feed for as long as the process lives: a session in the group, and the next when the topic was made anew."""

import threading

from runtime.health import Probe, Progress
from runtime.lifecycle import Shutdown
from runtime.reject_ratio import RejectRatio
from runtime.topic_identity import TopicIdentity
from schemas.registry import open_registry
from sinks import metrics
from sinks.bundle import InsertLimits
from sinks.deadletters import DeadLetters
from sinks.delivery import Delivery
from sinks.feed import Feed
from sinks.kafka import KafkaClients
from sinks.retry import Retry
from sinks.session import Session, SessionParts, SessionState
from sinks.settings import SinkSettings
from sinks.store import Store
from sinks.survey import Survey


class Feeding:
    """Reads one topic into its table."""

    def __init__(self, feed: Feed, settings: SinkSettings, shutdown: Shutdown) -> None:
        self._feed = feed
        self._settings = settings
        self._shutdown = shutdown
        self._stop = threading.Event()
        self._starting = Retry(longest=settings.sink_retry_max_seconds, wait=shutdown.wait)
        self._delivering = Retry(longest=settings.sink_retry_max_seconds, wait=self._stop.wait)
        self._progress = Progress(patience=settings.sink_stall_seconds)
        self._state = SessionState()

    def run(self, store: Store) -> None:
        """Work until the process is told to stop, then write what was read and leave the group.

        Raises:
            AbandonedError: told to stop while the topic was not there yet.
            ConfigurationError: a person must act.

        """
        topic = self._feed.topic.named(self._settings.kafka_topic_prefix)
        clients = KafkaClients(self._settings)
        admin = clients.admin()
        identity = TopicIdentity(admin, topic, patience=self._settings.sink_topic_patience_seconds)
        parts = SessionParts(
            settings=self._settings,
            topic=topic,
            group=self._settings.sink_group + self._feed.group_suffix,
            clients=clients,
            store=store,
            delivery=self._delivery(store, clients),
            identity=identity,
            shutdown=self._shutdown,
            stop=self._stop,
            progress=self._progress,
            state=self._state,
        )
        while not self._shutdown.requested:
            topic_id = self._starting("topic", identity.current)
            Session(parts, Survey(admin, topic, identity, topic_id)).run()

    def _delivery(self, store: Store, clients: KafkaClients) -> Delivery:
        url = self._settings.schema_registry_url
        return Delivery(
            store=store,
            registry=open_registry(url.get_secret_value() if url else None),
            dead_letters=DeadLetters(
                clients.producer(), self._settings.dead_letter_topic, reject_ratio=self._reject_ratio()
            ),
            retry=self._delivering,
            limits=InsertLimits(
                rows=self._settings.sink_block_rows,
                size=self._settings.sink_block_bytes,
                parallel=self._settings.sink_parallel_inserts,
            ),
        )

    def _reject_ratio(self) -> RejectRatio:
        ratio = RejectRatio(self._settings)
        metrics.REJECT_RATIO.labels(self._feed.topic.name).set_function(ratio.share)
        return ratio

    def progress(self) -> Probe:
        """Return whether the feed moves, or says what it waits for."""
        if self._starting.waiting_for:
            return Probe(healthy=True, detail=f"waiting: {self._starting.waiting_for}")
        return self._progress.probe()

    def membership(self) -> Probe:
        """Return whether the group has told which partitions are this sink's."""
        return Probe(healthy=self._state.joined, detail="member of the group")

    def flow(self) -> Probe:
        """Return whether nothing keeps events from the table."""
        waiting_for = self._starting.waiting_for or self._delivering.waiting_for or self._state.waiting_for
        return Probe(healthy=not waiting_for, detail=waiting_for or "flowing")
