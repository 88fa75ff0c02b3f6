"""Publishing events that were analysed again."""

from collections.abc import Collection, Sequence

from runtime.awaited_producer import AwaitedProducer, OutgoingMessage
from runtime.errors import ConfigurationError
from runtime.settings import KafkaSettings
from schemas.catalog import RegisteredSchema
from schemas.headers import REPLAY
from schemas.topics import ANALYZED
from streams.analysis.analysis import Analysis, ParseStatus
from streams.caching.explanation_index import FingerprintName
from streams.enrichment.explanation_request import Representative, request_for
from streams.enrichment.splicing import splice
from streams.replay.reanalysis import Reanalyzed


class Post:
    """Sends events to commands.analyzed, each to the partition it had, marked with the replay's name."""

    def __init__(self, settings: KafkaSettings, name: str) -> None:
        """Connect.

        Raises:
            ConfigurationError: there is no such topic.
            TransientError: the broker does not answer.

        """
        self._producer = AwaitedProducer(settings, client_id="netcopilot-replay")
        self._topic = ANALYZED.named(settings.kafka_topic_prefix)
        self._mark = (REPLAY, name.encode())
        self._partitions = self._producer.partitions().get(self._topic, 0)
        if not self._partitions:
            raise ConfigurationError(f"no topic {self._topic}; create the topics with `netcopilot topics create`")

    def send(self, events: Sequence[Reanalyzed], requests: Sequence[OutgoingMessage] = ()) -> None:
        """Send events, and requests beside them; return when the broker has all.

        Raises:
            TransientError: it does not have all; some may be there.

        """
        if events or requests:
            self._producer.send([*(self._message(event) for event in events), *requests])

    def _message(self, event: Reanalyzed) -> OutgoingMessage:
        analyzed = splice(event.opened.sighted, event.shared, event.status)
        past = event.opened.past
        earlier = [header for header in analyzed.headers if header[0] != REPLAY]
        return OutgoingMessage(
            topic=self._topic,
            key=past.key,
            value=analyzed.value,
            headers=[*earlier, self._mark],
            partition=past.partition if past.partition < self._partitions else None,
        )


class Requests:
    """Asks for explanations, once for each fingerprint that several outputs may share."""

    def __init__(self, schema: RegisteredSchema, *, topic: str, verdicts: Collection[str]) -> None:
        self._schema = schema
        self._topic = topic
        self._verdicts = frozenset(verdicts)
        self._asked: set[FingerprintName] = set()

    def of(self, events: Sequence[Reanalyzed]) -> list[OutgoingMessage]:
        """Return the requests for what these events show first."""
        shown = [_shown(event, event.fresh) for event in events if event.fresh is not None]
        return [self._request(each) for each in shown if self._is_wanted(each)]

    def _is_wanted(self, shown: Representative) -> bool:
        analysis = shown.analysis
        if not analysis.shareable or analysis.verdict not in self._verdicts or shown.name in self._asked:
            return False
        self._asked.add(shown.name)
        return analysis.parse_status != ParseStatus.TIMEOUT

    def _request(self, shown: Representative) -> OutgoingMessage:
        request = request_for(shown, self._schema)
        return OutgoingMessage(self._topic, request.name.key, request.value, request.headers)


def _shown(event: Reanalyzed, analysis: Analysis) -> Representative:
    return Representative(event.opened.past, event.opened.event_id, event.opened.execution, analysis)
