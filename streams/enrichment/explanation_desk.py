"""Where fresh analyses learn whether they are explained, and explanations are asked for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from schemas.registry import Registry
from streams import metrics
from streams.analysis.analysis import Analysis, ParseStatus
from streams.caching.expiring_set import ExpiringSet
from streams.caching.explanation_index import ExplanationIndex, FingerprintName, Standing
from streams.enrichment.explanation_request import Representative, request_for, request_schema
from streams.enrichment.outcome import Requested

MAX_LIKENESSES = 10_000


@dataclass(frozen=True, slots=True)
class Attended:
    """What there is to say of fresh analyses."""

    explained: frozenset[FingerprintName]
    requests: Sequence[Requested]
    """To be published; each fingerprint once."""


_NOTHING = Attended(frozenset(), ())


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What outputs that share no fingerprint may have in common: an explanation of one helps with the others."""

    tenant_id: str
    os_type: str
    command_template: str
    verdict: str
    kinds: frozenset[str]


class ExplanationDesk:
    """Asks once for each fingerprint whose verdict is among `verdicts`; with none of them it asks for nothing.

    A fingerprint that only one output can have (not shareable) is asked for if nothing like it was, `unshared_every`
    so long: an output that no parser knows and that differs each time would cost a call each time.
    """

    def __init__(
        self,
        index: ExplanationIndex,
        registry: Registry,
        *,
        verdicts: Collection[str],
        unshared_every: timedelta = timedelta(minutes=10),
    ) -> None:
        self._index = index
        self._registry = registry
        self._verdicts = frozenset(verdicts)
        self._unshared: ExpiringSet[_Likeness] = ExpiringSet(memory=unshared_every, max_members=MAX_LIKENESSES)

    def open(self) -> None:
        """Make sure that requests can be written.

        Raises:
            RegistryUnavailableError: their schema is not known yet, and the registry does not answer.

        """
        if self._verdicts:
            request_schema(self._registry)

    async def attend(self, shown: Iterable[Representative]) -> Attended:
        """Return which of the fingerprints shown are explained, and the requests for those nobody asked for."""
        representatives = {each.name: each for each in shown if self._wants(each.analysis)}
        if not representatives:
            return _NOTHING
        standings = await self._index.standings(representatives.keys())
        schema = request_schema(self._registry)
        return Attended(
            explained=frozenset(name for name, standing in standings.items() if standing is Standing.EXPLAINED),
            requests=[
                request_for(representatives[name], schema)
                for name, standing in standings.items()
                if standing is Standing.UNKNOWN and self._claim(representatives[name])
            ],
        )

    def handed_over(self, requests: Collection[Requested]) -> None:
        """Note that requests are on their way to the broker."""
        self._index.requested_soon([request.name for request in requests])
        metrics.EXPLANATIONS_REQUESTED.inc(len(requests))

    def _claim(self, shown: Representative) -> bool:
        """Tell whether to ask now, and count it as asked."""
        if shown.analysis.shareable:
            return self._index.claim(shown.name)
        likeness = _likeness(shown)
        if likeness in self._unshared:
            metrics.EXPLANATIONS_FORGONE.inc()
            return False
        self._unshared.add(likeness)
        return self._index.claim(shown.name)

    def _wants(self, analysis: Analysis) -> bool:
        """Tell whether an explanation is worth a call; what a deadline cut short says too little."""
        return analysis.verdict in self._verdicts and analysis.parse_status != ParseStatus.TIMEOUT


def _likeness(shown: Representative) -> _Likeness:
    analysis = shown.analysis
    return _Likeness(
        tenant_id=shown.execution.tenant_id,
        os_type=shown.execution.os_type,
        command_template=analysis.command_template,
        verdict=analysis.verdict,
        kinds=frozenset(finding.kind for finding in analysis.findings),
    )
