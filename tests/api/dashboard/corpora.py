"""Recorded outputs of real devices, where they are at hand."""

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[3]


@cache
def recorded_outputs(name: str) -> tuple[dict[str, Any], ...]:
    """Return a corpus' rows; the test skips where the corpora are absent."""
    folder = Path(os.environ.get("NETCOPILOT_CORPORA") or CHECKOUT.parent / "shared" / "corpora")
    path = folder / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path.name} beside the checkout; NETCOPILOT_CORPORA names the folder that has it")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)
