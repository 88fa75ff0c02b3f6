"""Which level knows each event, whether it is right, and what the levels cost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from benchmarks.fleet.day import Run
from schemas.registry import open_registry
from streams.analysis import Analysis, Engine, Execution
from streams.enrichment.outcome import Rejected
from streams.enrichment.sighting import Sighter
from tests.streams.analysis.mutants.score import Said, said
from tests.streams.records import event, record_of

_PATIENT_SECONDS: Final = 10.0


@dataclass(slots=True)
class Ledger:
    """Replays runs through the cache levels of the platform, and through verbatim hashing beside them.

    Every event is analysed afresh: a hit is wrong where the cached analysis, or what was said of the fingerprint's
    representative, is not that of the fresh one. Outputs are known for `output_ttl`, fingerprints from then on.
    """

    output_ttl: timedelta
    analyze: Callable[[Execution], Analysis] = field(default_factory=lambda: Engine(_PATIENT_SECONDS).analyze)
    counts: Counter[str] = field(default_factory=Counter)
    _outputs: dict[bytes, tuple[int, Analysis]] = field(default_factory=dict)
    _fingerprints: dict[bytes, Said] = field(default_factory=dict)
    _verbatim: set[bytes] = field(default_factory=set)
    _usual: dict[Execution, Said] = field(default_factory=dict)
    _sighter: Sighter = field(default_factory=lambda: Sighter(open_registry(None)))

    def enter(self, run: Run) -> None:
        """Count one event."""
        fresh, digest = self.analyze(run.execution), self._digest(run.execution)
        self.counts["events"] += 1
        self.counts[self._level(run.minute, digest, fresh)] += 1
        self._enter_verbatim(digest, fresh)
        if run.incident:
            self.counts["incidents"] += 1
            self.counts["incidents_noticed"] += said(fresh) != self._usually_said(run.usual)

    def _level(self, minute: int, digest: bytes, fresh: Analysis) -> str:
        made, known = self._outputs.get(digest, (0, None))
        if known is not None and minute - made < self.output_ttl.total_seconds() / 60:
            self.counts["wrong_output_hits"] += known != fresh
            return "output"
        self._outputs[digest] = (minute, fresh)
        claimed = self._fingerprints.get(fresh.fingerprint)
        if claimed is not None:
            self.counts["wrong_fingerprint_hits"] += claimed != said(fresh)
            return "fingerprint"
        self._fingerprints[fresh.fingerprint] = said(fresh)
        self.counts["calls"] += bool(fresh.findings)
        return "none"

    def _enter_verbatim(self, digest: bytes, fresh: Analysis) -> None:
        if digest in self._verbatim:
            self.counts["verbatim_hits"] += 1
        else:
            self._verbatim.add(digest)
            self.counts["verbatim_calls"] += bool(fresh.findings)

    def _digest(self, execution: Execution) -> bytes:
        """Return the name of the output as the worker computes it, from the event's bytes."""
        executed = event(
            tenant_id=execution.tenant_id,
            os_type=execution.os_type,
            command=execution.command,
            status=execution.status,
            exit_code=execution.exit_code,
            output=execution.output,
        )
        sighted = self._sighter.sight(record_of(executed))
        if isinstance(sighted, Rejected):
            raise TypeError(sighted.reason)
        return sighted.digest

    def _usually_said(self, usual: Execution) -> Said:
        found = self._usual.get(usual)
        if found is None:
            found = self._usual[usual] = said(self.analyze(usual))
        return found
