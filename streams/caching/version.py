"""What a cached analysis depends on beside its input."""

import hashlib
import json
from importlib.metadata import version

from schemas.catalog import source
from streams.analysis.rules.catalogue import RULES_VERSION
from streams.analysis.thresholds import ThresholdBook

_PARSERS = ("jc", "ntc-templates", "textfsm")


def cache_version(thresholds: ThresholdBook) -> str:
    """Return what changes with rules, thresholds, parsers and the analysis schema, as 16 hexadecimal digits."""
    parsers = (f"{name} {version(name)}" for name in _PARSERS)
    parts = [RULES_VERSION, thresholds.digest(), *parsers, json.dumps(source("AnalysisFields"))]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
