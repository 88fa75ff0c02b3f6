"""The verification as a whole: positions, then topics, then tables. What happens meanwhile looks late, not lost."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from confluent_kafka.admin import AdminClient

from runtime.kafka import client_config
from runtime.topic_identity import TopicIdentity
from runtime.topic_reader import TopicReader
from schemas.registry import open_registry
from schemas.topics import ANALYZED, DEAD, EXECUTED
from sinks.clickhouse import connect
from sinks.store import Store
from sinks.verification.copies import check_copies
from sinks.verification.deliveries import check_deliveries
from sinks.verification.ledger import Ledger, open_ledger
from sinks.verification.places import check_places
from sinks.verification.position import CLIENT_ID, Position, committed_positions, kept_positions
from sinks.verification.report import Report
from sinks.verification.selection import Selection
from sinks.verification.sequences import check_sequences
from sinks.verification.settings import VerifySettings
from sinks.verification.sighting import HeadReader, Source, sight

_STATEMENT_SECONDS = 300.0
_ROWS_AT_ONCE = 20_000

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Positions:
    """How far worker and sink are, by partition, and which life of commands.analyzed that is."""

    topic_id: bytes
    executed: dict[int, Position]
    analyzed: dict[int, Position]


class Verification:
    """Compares everything that is selected. Every method may raise TransientError or ConfigurationError."""

    def __init__(self, settings: VerifySettings, selection: Selection, *, grace: timedelta, tell: Tell) -> None:
        """Tell what is going on through `tell`; `grace` is as in `check_sequences`."""
        self._settings = settings
        self._selection = selection
        self._grace = grace
        self._tell = tell
        self._topics = {
            source: topic.named(settings.kafka_topic_prefix)
            for source, topic in ((Source.EXECUTED, EXECUTED), (Source.ANALYZED, ANALYZED), (Source.DEAD, DEAD))
        }

    def run(self) -> Report:
        """Return what was found; nothing stays behind in Kafka or ClickHouse."""
        now = datetime.now(UTC)
        database = self._settings.clickhouse_database
        with closing(connect(self._settings, database=database, timeout=_STATEMENT_SECONDS)) as client:
            positions = self._positions(Store(client))
            with open_ledger(client) as ledger:
                self._read(ledger, positions)
                return self._compare(ledger, positions, now)

    def _positions(self, store: Store) -> Positions:
        self._tell("asking how far worker and sink are")
        admin = AdminClient(client_config(self._settings, client_id=CLIENT_ID))
        topic_id = TopicIdentity(admin, self._topics[Source.ANALYZED], timeout=10).current()
        return Positions(
            topic_id=topic_id,
            executed=committed_positions(self._settings, self._topics[Source.EXECUTED], self._settings.worker_group),
            analyzed=kept_positions(self._settings, self._topics[Source.ANALYZED], store.next_offsets(topic_id)),
        )

    def _read(self, ledger: Ledger, positions: Positions) -> None:
        self._read_topic(ledger, Source.EXECUTED, positions.executed)
        self._read_topic(ledger, Source.ANALYZED, positions.analyzed)
        self._read_topic(ledger, Source.DEAD, {})
        ledger.settle()

    def _read_topic(self, ledger: Ledger, source: Source, positions: dict[int, Position]) -> None:
        topic, reader = self._topics[source], HeadReader(open_registry(self._settings.schema_registry_url))
        topics = frozenset({self._topics[Source.EXECUTED], self._topics[Source.ANALYZED]})
        waiting, count = [], 0
        with TopicReader(self._settings, topic, client_id=CLIENT_ID) as whole:
            for messages in whole.read(dict.fromkeys(whole.partitions(), 0)):
                sightings = (sight(source, message, reader, topics) for message in messages)
                waiting += [sighting for sighting in sightings if sighting is not None]
                count += len(messages)
                self._tell(f"reading {topic}: {count:,} messages")
                if len(waiting) >= _ROWS_AT_ONCE:
                    ledger.add(source, waiting, positions)
                    waiting = []
        ledger.add(source, waiting, positions)

    def _compare(self, ledger: Ledger, positions: Positions, now: datetime) -> Report:
        self._tell("comparing agents' sequences")
        sequences = check_sequences(ledger, self._selection, now=now, grace=self._grace)
        self._tell("comparing topics and tables")
        topics, selection = self._topics, self._selection
        return Report(
            (
                sequences,
                check_deliveries(ledger, Source.EXECUTED, topics[Source.EXECUTED], positions.executed, selection),
                check_deliveries(ledger, Source.ANALYZED, topics[Source.ANALYZED], positions.analyzed, selection),
                check_places(ledger, topics[Source.ANALYZED], positions.topic_id, positions.analyzed, selection),
                check_copies(ledger, selection),
            )
        )
