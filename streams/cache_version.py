"""What a cached analysis depends on beside its input."""

import hashlib
import json
from importlib.metadata import version

from schemas.catalog import source
from streams.analysis.rules.catalogue import RULES_VERSION

_PARSERS = ("jc", "ntc-templates", "textfsm")


def cache_version() -> str:
    """Return a name that changes with the rules, the parsers and the analysis schema, as 16 hexadecimal digits."""
    parts = [RULES_VERSION, *(f"{name} {version(name)}" for name in _PARSERS), json.dumps(source("AnalysisFields"))]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
