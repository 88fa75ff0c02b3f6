"""How far a worker is behind, and whether it moves."""

from faust.types import TP

from runtime.health import Progress
from streams import metrics
from streams.app import StreamApp


class LagWatch:
    """Looks at an app's assignment, its lag and its commits; tells `progress` of every move.

    A worker moves when its committed offsets do, and need not when nothing waits for it.
    """

    def __init__(self, app: StreamApp, progress: Progress) -> None:
        self._app = app
        self._progress = progress
        self._committed: dict[TP, int | None] = {}

    def look(self) -> bool:
        """Bring lag and progress up to date; return whether any partition is assigned."""
        assignment = self._app.consumer.assignment()
        committed = {tp: self._app.monitor.tp_committed_offsets.get(tp) for tp in assignment}
        lag = sum(self._behind(tp, committed[tp]) for tp in assignment)
        waiting = lag or self._app.micro_batches.pending_batches
        if not waiting or committed != self._committed:
            self._progress.advance()
        self._committed = committed
        return bool(assignment)

    def _behind(self, tp: TP, committed: int | None) -> int:
        end = self._app.consumer.highwater(tp) or 0
        behind = max(0, end - committed) if committed is not None else 0
        metrics.LAG.labels(str(tp.partition)).set(behind)
        return behind
