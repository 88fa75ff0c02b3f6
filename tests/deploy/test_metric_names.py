"""Alerts and dashboards against the metrics that the processes really have."""

import importlib

import pytest

from runtime.metrics import REGISTRY
from tests.deploy.promql import Expression, expressions

_PARTS = ("streams", "streams.explanation", "sinks", "api", "producers")
_SCRAPED = {"job", "instance", "le"}
"""Labels that Prometheus adds, and the one of every histogram."""
_OWN = [pytest.param(expression, id=expression.place) for expression in expressions()]


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """Series names of all processes with their labels."""
    for part in _PARTS:
        importlib.import_module(f"{part}.metrics")
    return {
        name: set(getattr(collector, "_labelnames", ())) for name, collector in REGISTRY._names_to_collectors.items()
    }


@pytest.mark.parametrize("expression", _OWN)
def test_every_metric_exists(expression: Expression, known: dict[str, set[str]]) -> None:
    assert {name for name in expression.metrics if not name.startswith("haproxy_")} - set(known) == set()


@pytest.mark.parametrize("expression", _OWN)
def test_every_label_exists(expression: Expression, known: dict[str, set[str]]) -> None:
    unknown = {
        (name, label)
        for name, label in expression.matched_labels
        if name in known and label not in known[name] | _SCRAPED
    }
    assert unknown == set()


def test_every_part_is_watched(known: dict[str, set[str]]) -> None:
    used = set[str]().union(*(expression.metrics for expression in expressions()))
    for prefix in ("worker", "sink", "api", "producers"):
        assert any(name.startswith(f"netcopilot_{prefix}_") for name in used), prefix
