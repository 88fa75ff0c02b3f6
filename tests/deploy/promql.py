"""Every PromQL expression of the deployment, and the metric names in them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.deploy.tree import DEPLOY

ALERTS = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARDS = DEPLOY / "grafana" / "dashboards"

_METRIC = re.compile(r"\b(?:netcopilot|process|haproxy)_\w+")
_MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")
_LABEL = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"')


@dataclass(frozen=True, slots=True)
class Expression:
    """A PromQL expression and where it stands."""

    place: str
    text: str

    @property
    def metrics(self) -> set[str]:
        """Names of the series it reads, those that every Prometheus makes itself apart."""
        return set(_METRIC.findall(self.text))

    @property
    def matched_labels(self) -> set[tuple[str, str]]:
        """Pairs of a metric and a label that its selector names."""
        return {(name, label) for name, body in _MATCHERS.findall(self.text) for label in _LABEL.findall(body)}


@cache
def alert_rules() -> tuple[dict[str, Any], ...]:
    """Return every alert as alerts.yml has it."""
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return tuple(rule for group in groups for rule in group["rules"])


@cache
def dashboards() -> tuple[dict[str, Any], ...]:
    """Return every dashboard."""
    return tuple(json.loads(file.read_text(encoding="utf-8")) for file in sorted(DASHBOARDS.glob("*.json")))


def expressions() -> Iterator[Expression]:
    """Yield the expressions of all alerts and panels."""
    for rule in alert_rules():
        yield Expression(f"alert {rule['alert']}", rule["expr"])
    for dashboard in dashboards():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield Expression(f"panel {panel['title']}", target["expr"])
