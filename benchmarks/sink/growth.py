"""What a row costs the sink when the backlog or the partitions are many: it ought not to matter."""

import math
from collections.abc import Sequence
from statistics import linear_regression
from typing import Any, Final

from benchmarks.sink.events import values
from benchmarks.sink.meter import Cost, figures
from benchmarks.sink.sink_process import run_sink
from benchmarks.sink.stage import Stage

_ROWS: Final = (3_000, 30_000, 300_000)
_ROWS_BY_PARTITIONS: Final = 100_000
_PARTITIONS: Final = (1, 4, 16, 64)
_USUAL_PARTITIONS: Final = 4


def growth(stage: Stage, output_bytes: int) -> dict[str, Any]:
    """Return the sink's figures by rows and by partitions, and for each the slope of the cost of a row.

    The slope is that of log(processor time a row) over log(rows or partitions): 0 where a row costs the same, 1 where
    twice as many make each of them twice as dear.
    """
    by_rows = [_cost(stage, rows, _USUAL_PARTITIONS, output_bytes) for rows in _ROWS]
    by_partitions = [_cost(stage, _ROWS_BY_PARTITIONS, partitions, output_bytes) for partitions in _PARTITIONS]
    return {
        "by_rows": {rows: figures([cost]) for rows, cost in zip(_ROWS, by_rows, strict=True)},
        "slope_by_rows": slope(_ROWS, by_rows),
        "by_partitions": {count: figures([cost]) for count, cost in zip(_PARTITIONS, by_partitions, strict=True)},
        "slope_by_partitions": slope(_PARTITIONS, by_partitions),
    }


def _cost(stage: Stage, rows: int, partitions: int, output_bytes: int) -> Cost:
    backlog = stage.fill(values(rows, output_bytes=output_bytes), partitions=partitions)
    stage.empty()
    return run_sink(stage, backlog)


def slope(sizes: Sequence[int], costs: Sequence[Cost]) -> float:
    """Return the slope of the straight line through the logarithms (least squares)."""
    line = linear_regression(list(map(math.log, sizes)), [math.log(cost.cpu_us) for cost in costs])
    return round(line.slope, 3)
