"""Outcomes that go out together."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from streams import metrics
from streams.analysis.analysis import ParseStatus
from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.explanation_index import FingerprintName
from streams.enrichment.encoding import CacheStatus
from streams.enrichment.explanation_request import Representative
from streams.enrichment.outcome import Analyzed, Rejected
from streams.enrichment.sighting import Sighted
from streams.enrichment.splicing import Moment, splice


@dataclass(frozen=True, slots=True)
class Fresh:
    """An analysis that was made for its event."""

    event: Sighted
    shown: Representative
    cached: CachedAnalysis
    status: CacheStatus

    @property
    def lasts(self) -> bool:
        """Whether other workers may use it: where a deadline cut it short, they may have more luck."""
        return self.shown.analysis.parse_status != ParseStatus.TIMEOUT


@dataclass(slots=True)
class Slice:
    """One outcome for each event, in order, and the analyses that were made for them."""

    outcomes: list[Analyzed | Rejected] = field(default_factory=list)
    _fresh: dict[int, Fresh] = field(default_factory=dict)
    """By position among the outcomes."""
    reasons: list[str] = field(default_factory=list)
    """Why messages were rejected, one for each."""
    _moment: Moment = field(default_factory=Moment)
    """The last that was not spent on analysing."""

    @property
    def fresh(self) -> Collection[Fresh]:
        """The analyses made for events of this slice."""
        return self._fresh.values()

    def add_hit(self, event: Sighted, cached: CachedAnalysis) -> None:
        """Add an event whose output was analysed before."""
        self.outcomes.append(splice(event, cached.shared, CacheStatus.HIT_OUTPUT, self._moment))

    def add_fresh(self, fresh: Fresh) -> None:
        """Add an event that was analysed."""
        self._moment = Moment()
        self._fresh[len(self.outcomes)] = fresh
        self.outcomes.append(splice(fresh.event, fresh.cached.shared, fresh.status, self._moment))

    def reject(self, rejected: Rejected) -> None:
        """Add a message that is no event."""
        self.outcomes.append(rejected)
        self.reasons.append(rejected.reason)

    def mark_explained(self, explained: Collection[FingerprintName]) -> None:
        """Say of analyses that missed the cache that their fingerprints are explained."""
        moment = Moment()
        for position, fresh in self._fresh.items():
            if fresh.status is CacheStatus.MISS and fresh.shown.name in explained:
                told = replace(fresh, status=CacheStatus.HIT_FINGERPRINT)
                self._fresh[position] = told
                self.outcomes[position] = splice(told.event, told.cached.shared, told.status, moment)

    def count(self) -> None:
        """Add to the metrics."""
        for fresh in self.fresh:
            metrics.EVENTS.labels(fresh.status).inc()
        metrics.EVENTS.labels(CacheStatus.HIT_OUTPUT).inc(len(self.outcomes) - len(self.fresh) - len(self.reasons))
