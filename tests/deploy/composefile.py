"""The compose file as the tests look at it: merged, interpolated, one object a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.deploy.interpolation import interpolated
from tests.deploy.tree import COMPOSE

PASSWORDS = {"CLICKHOUSE_PASSWORD": "c1", "VALKEY_PASSWORD": "v1", "GRAFANA_PASSWORD": "g1"}
PROFILES = ("slim", "full", "slim,observability", "slim,explain")
OWN_IMAGES = ("netcopilot:", "netcopilot-agent:")


@dataclass(frozen=True, slots=True)
class Service:
    """A service under its name, its definition as the compose specification has it."""

    name: str
    definition: Mapping[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        """Its environment, values as the container sees them."""
        return {name: str(value) for name, value in self.definition.get("environment", {}).items()}

    @property
    def command(self) -> list[str]:
        """Its command line."""
        return list(self.definition.get("command", []))

    @property
    def image(self) -> str:
        """Its image with the tag."""
        return str(self.definition["image"])

    @property
    def own(self) -> bool:
        """Whether it runs netcopilot."""
        return self.image.startswith(OWN_IMAGES)

    @property
    def networks(self) -> set[str]:
        """Names of its networks."""
        return set(self.definition["networks"])

    @property
    def depends_on(self) -> dict[str, Mapping[str, Any]]:
        """What it waits for, and how."""
        return dict(self.definition.get("depends_on", {}))

    @property
    def mounts(self) -> list[tuple[str, str]]:
        """Source and target of each volume and bind mount."""
        parts = (str(entry).split(":") for entry in self.definition.get("volumes", []))
        return [(source, target) for source, target, *_ in parts]

    def runs_in(self, profiles: str) -> bool:
        """Whether `COMPOSE_PROFILES=profiles` starts it."""
        own = self.definition.get("profiles", [])
        return not own or bool(set(own) & set(profiles.split(",")))


def model() -> dict[str, Any]:
    """Return the parsed file with the passwords given and every default taken."""
    parsed: dict[str, Any] = interpolated(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")), PASSWORDS)
    return parsed


@cache
def services() -> dict[str, Service]:
    """Return every service by name."""
    return {name: Service(name, definition) for name, definition in model()["services"].items()}
