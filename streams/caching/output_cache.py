"""Analyses of outputs seen before, in process memory."""

from streams.caching.cached_analysis import CachedAnalysis


class OutputCache:
    """Maps a digest to an analysis, bounded by bytes.

    Two generations instead of an order of use: entries go into the young one; when it holds half the bound, it
    becomes the old one and the old one is dropped. A hit in the old generation renews its entry. An entry survives
    as long as it is asked for about once per half-bound of new entries, and a look-up costs one dictionary access.
    """

    ENTRY_OVERHEAD = 300
    """Bytes counted for an entry beside its analysis: key, object headers, dictionary slot."""

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._young: dict[bytes, CachedAnalysis] = {}
        self._old: dict[bytes, CachedAnalysis] = {}
        self._young_bytes = 0

    def get(self, digest: bytes) -> CachedAnalysis | None:
        """Return the analysis, None where it is not (or no longer) known."""
        analysis = self._young.get(digest)
        if analysis is not None:
            return analysis
        analysis = self._old.get(digest)
        if analysis is not None:
            self.put(digest, analysis)
        return analysis

    def put(self, digest: bytes, analysis: CachedAnalysis) -> None:
        """Keep an analysis."""
        self._young[digest] = analysis
        self._young_bytes += len(analysis.shared) + self.ENTRY_OVERHEAD
        if self._young_bytes > self._half:
            self._old, self._young, self._young_bytes = self._young, {}, 0

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old, self._young_bytes = {}, {}, 0

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())
