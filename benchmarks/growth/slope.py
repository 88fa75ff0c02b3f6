"""How a cost grows."""

import math
from collections.abc import Mapping
from statistics import linear_regression, mean


def per_tenfold(costs: Mapping[int, float]) -> float:
    """Return by which part of itself a cost grows when its cause grows tenfold; 0.0 is flat.

    The slope of the regression line of the costs on the decimal logarithm of their causes, by their mean.
    """
    line = linear_regression([math.log10(cause) for cause in costs], list(costs.values()))
    return line.slope / mean(costs.values())
