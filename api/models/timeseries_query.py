"""The query of GET /v1/stats/timeseries, and the grid of steps it asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from pydantic import AfterValidator, Field

from api.errors import invalid
from api.models.timeseries import Dimension
from api.parameters import Parameters
from api.timepoint import Timepoint
from runtime.timepoint import parse_timepoint

MINUTE = 60
MOST_POINTS = 2000
_AIM_POINTS = 120
_STEPS = (60, 300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400)


def _whole_minutes(step: int) -> int:
    if step % MINUTE:
        raise ValueError("must be a multiple of 60: counts are kept by the minute")
    return step


@dataclass(frozen=True, slots=True)
class Grid:
    """Steps of time: Unix seconds, `since` and `until` (exclusive) on a step's boundary."""

    since: int
    until: int
    step: int


class TimeseriesParameters(Parameters):
    """Which stretch of time, in which steps, by what."""

    since: Timepoint = Field("-1h", description="Begin, widened to a whole step.")
    until: Timepoint | None = Field(None, description="End, widened to a whole step; now where absent.")
    step: Annotated[int, AfterValidator(_whole_minutes)] | None = Field(
        None, ge=MINUTE, le=31 * 86_400, description="Seconds of a step, a multiple of 60; absent: about 120 steps."
    )
    by: Dimension = Field("verdict", description="What is counted apart.")

    def grid(self, *, now: datetime) -> Grid:
        """Return the steps that cover the stretch.

        Raises:
            ApiError: 422, the end is not after the begin, or the steps are too many.

        """
        since = parse_timepoint(self.since, now=now)
        until = parse_timepoint(self.until, now=now) if self.until else now
        if until <= since:
            raise _refused("until", "must be after since")
        step = self.step or _step_for(until - since)
        begin = int(since.timestamp()) // step * step
        end = -(-ceil(until.timestamp()) // step) * step
        if (end - begin) // step > MOST_POINTS:
            raise _refused("step", f"too small: more than {MOST_POINTS} steps")
        return Grid(since=begin, until=end, step=step)


def _step_for(stretch: timedelta) -> int:
    wanted = stretch.total_seconds() / _AIM_POINTS
    return next((step for step in _STEPS if step >= wanted), _STEPS[-1])


def _refused(where: str, problem: str) -> Exception:
    return invalid(f"{where} {problem}", details={"problems": [{"where": where, "problem": problem}]})
