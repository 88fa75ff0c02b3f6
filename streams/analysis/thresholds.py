"""Where a number becomes a finding: the limits that rules judge by, a default and overrides per tenant."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of one tenant; a limit out of order or out of range is refused.

    Round-trip time in milliseconds: slower on average is a finding. Disk use, in percent: that much or more is
    one. Available memory, in percent: less is one. Interface errors, in percent of packets: more is a warning.
    """

    latency_ms: float = 200.0
    disk_warning_percent: float = 85.0
    disk_critical_percent: float = 95.0
    memory_warning_percent: float = 10.0
    memory_critical_percent: float = 5.0
    interface_error_percent: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what no rule could judge by."""
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ConfigurationError(f"threshold {name} is {value!r}: give a number of 0 or more")
            if name.endswith("_percent") and value > 100:
                raise ConfigurationError(f"threshold {name} is {value!r}: give a percentage from 0 to 100")
        if self.disk_warning_percent > self.disk_critical_percent:
            raise ConfigurationError("raise disk_critical_percent to disk_warning_percent or above: fuller is worse")
        if self.memory_critical_percent > self.memory_warning_percent:
            raise ConfigurationError("lower memory_critical_percent to memory_warning_percent or below: less is worse")


DEFAULT_THRESHOLDS = Thresholds()
"""The limits of the documentation."""


@dataclass(frozen=True, slots=True)
class ThresholdBook:
    """The limits of every tenant: its own, else the default's."""

    default: Thresholds = DEFAULT_THRESHOLDS
    tenants: Mapping[str, Thresholds] = field(default_factory=dict)

    def of(self, tenant_id: str) -> Thresholds:
        """Return the limits that hold for `tenant_id`."""
        return self.tenants.get(tenant_id, self.default)

    def digest(self) -> str:
        """Return a short name of the book's content: a part of every cache key, equal for equal books."""
        content = {"default": asdict(self.default), "tenants": {name: asdict(own) for name, own in self._sorted()}}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    @classmethod
    def from_json(cls, text: str) -> "ThresholdBook":
        """Return the book of a JSON object with `default` and `tenants`, each naming the limits that differ.

        A tenant's limits start from the default's. Blank text is the book of the documentation. Raises
        `ConfigurationError`, which names the cure.
        """
        book = _object(_parsed(text), "the thresholds") if text.strip() else {}
        if unknown := sorted(book.keys() - {"default", "tenants"}):
            raise ConfigurationError(f'thresholds: {", ".join(unknown)} unknown: use "default" and "tenants" only')
        default = _changed(DEFAULT_THRESHOLDS, book.get("default", {}), "default")
        tenants = _object(book.get("tenants", {}), "tenants")
        return cls(default, {name: _changed(default, own, f"tenant {name}") for name, own in tenants.items()})

    def _sorted(self) -> list[tuple[str, Thresholds]]:
        """Return the overrides that change something, by tenant."""
        return sorted((name, own) for name, own in self.tenants.items() if own != self.default)


DEFAULT_BOOK = ThresholdBook()
"""The limits of the documentation, for every tenant."""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"thresholds are no JSON ({error.msg} at character {error.pos}): "
            'write them like {"default": {"latency_ms": 150}, "tenants": {"acme": {"disk_warning_percent": 80}}}'
        ) from None


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{name}: give a JSON object, not {json.dumps(value)[:40]}")
    return value


def _changed(base: Thresholds, limits: Any, whose: str) -> Thresholds:
    changes = _object(limits, f"thresholds of {whose}")
    known = [each.name for each in fields(Thresholds)]
    if unknown := sorted(changes.keys() - set(known)):
        raise ConfigurationError(f"thresholds of {whose}: {', '.join(unknown)} unknown: use {', '.join(known)}")
    try:
        return replace(base, **changes)
    except ConfigurationError as error:
        raise ConfigurationError(f"thresholds of {whose}: {error}") from None
