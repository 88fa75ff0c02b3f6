"""The outputs that were analysed before, by this worker or another."""

import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.output_cache import OutputCache
from streams.caching.shared_cache import OutputName, SharedCache
from streams.enrichment.sighting import Sighted


class KnownOutputs:
    """Process memory before Redis; an analysis older than `ttl` counts in neither."""

    def __init__(self, memory: OutputCache, shared: SharedCache, *, ttl: timedelta) -> None:
        self._memory = memory
        self._shared = shared
        self._ttl = ttl.total_seconds()

    async def look_up(self, events: Iterable[Sighted]) -> dict[bytes, CachedAnalysis]:
        """Return the analyses of the events' outputs that are known, by digest."""
        found: dict[bytes, CachedAnalysis] = {}
        missing: dict[OutputName, None] = {}
        oldest = time.time() - self._ttl
        get = self._memory.get
        for event in events:
            analysis = get(event.digest)
            if analysis is None or analysis.created < oldest:
                missing[event.output] = None
            else:
                found[event.digest] = analysis
        for digest, analysis in (await self._shared.get_many(list(missing))).items():
            found[digest] = analysis
            self._memory.put(digest, analysis)
        return found

    def recall(self, digest: bytes) -> CachedAnalysis | None:
        """Return an analysis that process memory has got since, if there is one."""
        analysis = self._memory.get(digest)
        return analysis if analysis is not None and analysis.created >= time.time() - self._ttl else None

    def remember(self, digest: bytes, analysis: CachedAnalysis) -> None:
        """Keep an analysis in process memory."""
        self._memory.put(digest, analysis)

    def share_soon(self, analyses: Mapping[OutputName, CachedAnalysis]) -> None:
        """Keep analyses for all workers, without making anyone wait."""
        self._shared.put_many_soon(analyses)

    def forget(self) -> None:
        """Ask Redis anew for every output."""
        self._memory.clear()
