"""Where fresh analyses learn whether they are explained, and explanations are asked for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from schemas.registry import Registry
from streams import metrics
from streams.analysis.analysis import Analysis, ParseStatus
from streams.explanation_index import ExplanationIndex, FingerprintName, Standing
from streams.explanation_request import Representative, request_for, request_schema
from streams.outcome import Requested


@dataclass(frozen=True, slots=True)
class Attended:
    """What there is to say of fresh analyses."""

    explained: frozenset[FingerprintName]
    requests: Sequence[Requested]
    """To be published; each fingerprint once."""


NOTHING = Attended(frozenset(), ())


class ExplanationDesk:
    """Asks once for each fingerprint whose verdict is among `verdicts`; with none of them it asks for nothing."""

    def __init__(self, index: ExplanationIndex, registry: Registry, *, verdicts: Collection[str]) -> None:
        self._index = index
        self._registry = registry
        self._verdicts = frozenset(verdicts)

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
            return NOTHING
        standings = await self._index.standings(representatives.keys())
        schema = request_schema(self._registry)
        return Attended(
            explained=frozenset(name for name, standing in standings.items() if standing is Standing.EXPLAINED),
            requests=[
                request_for(representatives[name], schema)
                for name, standing in standings.items()
                if standing is Standing.UNKNOWN and self._index.claim(name)
            ],
        )

    def handed_over(self, requests: Collection[Requested]) -> None:
        """Note that requests are on their way to the broker."""
        self._index.requested_soon([request.name for request in requests])
        metrics.EXPLANATIONS_REQUESTED.inc(len(requests))

    def _wants(self, analysis: Analysis) -> bool:
        """Tell whether an explanation is worth a call; what a deadline cut short says too little."""
        return analysis.verdict in self._verdicts and analysis.parse_status != ParseStatus.TIMEOUT
