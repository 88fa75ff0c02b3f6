"""Asks the slow lane's processes, and lives with their end."""

from runtime.errors import DataError
from runtime.line_pool import LinePool
from runtime.line_process import AnswerTimeoutError, LineProgram, NoAnswerError
from runtime.log import get_logger
from streams import metrics
from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.execution import Execution
from streams.slow_lane.message import question, read_answer
from streams.slow_lane.program import THRESHOLDS

log = get_logger(__name__)

GRACE_SECONDS = 2.0
"""Beyond the deadline, for the way there and back, until a process counts as hung."""
_ATTEMPTS = 2


class SlowLane:
    """Analyses executions in up to `processes` child processes, each within `deadline` seconds.

    A process is started when it is needed first, and replaced when an output is the end of it.
    """

    def __init__(self, *, deadline: float, processes: int, thresholds: str = "") -> None:
        """`thresholds` is a ThresholdBook's JSON."""
        program = LineProgram.python(
            "slow-lane", "streams.slow_lane.program", str(deadline), env={THRESHOLDS: thresholds}
        )
        self._pool = LinePool(program, size=processes)
        self._patience = deadline + GRACE_SECONDS

    async def analyze(self, execution: Execution) -> Analysis | None:
        """Return the analysis, None where the output ended the process twice or is too long to hand over."""
        with metrics.SLOW_LANE_EXECUTIONS.track_inprogress(), metrics.SLOW_LANE_SECONDS.time():
            for _ in range(_ATTEMPTS):
                try:
                    analysis = read_answer(await self._pool.ask(question(execution), self._patience))
                except (NoAnswerError, DataError) as error:
                    log.warning("slow_lane_failed", error=str(error), command_bytes=len(execution.command))
                    if isinstance(error, (AnswerTimeoutError, DataError)):
                        break
                else:
                    ended = "interrupted" if analysis.parse_status == ParseStatus.TIMEOUT else "finished"
                    metrics.SLOW_LANE_ANALYSES.labels(ended).inc()
                    return analysis
        metrics.SLOW_LANE_ANALYSES.labels("failed").inc()
        return None

    async def close(self) -> None:
        """End the processes."""
        await self._pool.close()
