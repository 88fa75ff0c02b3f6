"""Real outputs that this project did not write, for tests that check themselves against them."""

import gzip
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from streams.analysis import Execution

_CHECKOUT = Path(__file__).parents[3]


def corpus(name: str) -> tuple[dict[str, Any], ...]:
    """Return a corpus' rows; the test skips where the corpora are absent."""
    path = _folder() / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no corpora at {path.parent}: set NETCOPILOT_CORPORA")
    return _rows(path)


def recorded(name: str, os_type: str, command: str, containing: str = "") -> Execution:
    """Return the first recorded execution of `command` whose output holds `containing`."""
    for row in corpus(name):
        named = (row.get("os_type", row.get("platform")), row["command"]) == (os_type, command)
        if named and containing in row["output"]:
            return as_execution(row)
    raise LookupError(f"{name} has no {command!r} of {os_type} with {containing!r}")


def as_execution(row: dict[str, Any]) -> Execution:
    """Return a corpus row as an execution that ended well."""
    os_type = row.get("os_type") or row["platform"]
    return Execution("tenant", os_type, row["command"], "OK", 0, row["output"])


def _folder() -> Path:
    return Path(os.environ.get("NETCOPILOT_CORPORA") or _CHECKOUT.parent / "shared" / "corpora")


@lru_cache(maxsize=3)
def _rows(path: Path) -> tuple[dict[str, Any], ...]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)
