"""Latencies in numbers."""

from collections.abc import Iterable, Mapping, Sequence


def summary(milliseconds: Iterable[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile and maximum of latencies."""
    ordered = sorted(milliseconds)
    if not ordered:
        return {"events": 0}
    return {
        "events": len(ordered),
        "p50": round(percentile(ordered, 50), 1),
        "p95": round(percentile(ordered, 95), 1),
        "p99": round(percentile(ordered, 99), 1),
        "max": round(ordered[-1], 1),
    }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of the ordered ones do not exceed."""
    place = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(place) - 1)]


def between(begin: Mapping[str, float], end: Mapping[str, float]) -> list[float]:
    """Return how long each event took that has both times."""
    return [end[event] - moment for event, moment in begin.items() if event in end]
