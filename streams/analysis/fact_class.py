"""How much of a fact an explanation's words may claim: its class, not its value.

The numbers themselves reach the reader through placeholders. What stays in the words is whether a few, half or nearly
all packets were lost: two executions may share an explanation while their facts are of the same class.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

from schemas.placeholders import Statement, words

_BOUNDS_ABOVE: Final[Mapping[str, tuple[float, ...]]] = {
    "count": (1, 3, 10),
    "error_percent": (0.1, 1, 10),
    "loss_percent": (0, 10, 50, 99.99),
    "rtt_avg_ms": (200, 500, 1000),
}
"""A value of a bound belongs to the class below it: an average of 200 ms is not yet slow."""

_BOUNDS_FROM: Final[Mapping[str, tuple[float, ...]]] = {
    "available_percent": (1, 5, 10),
    "memory_available_percent": (1, 5, 10),
    "use_percent": (85, 95, 100),
}
"""A value of a bound belongs to the class above it: a use of 85 % is already high."""

_ANY_OR_NONE: Final = frozenset(
    {"file_systems", "input_errors", "interfaces", "interfaces_up", "neighbors", "neighbors_unreachable",
     "ospf_adjacent", "ospf_neighbors", "output_errors", "peers", "peers_established", "units", "units_failed"}
)  # fmt: skip
_NAMES: Final = frozenset({"as", "fullest"})
_CONTEXT: Final = frozenset(
    {"entries", "hops", "input_packets", "limit", "output_packets", "packets_received", "packets_sent", "received",
     "sent", "temperature"}
)  # fmt: skip
_EXACT: Final = frozenset(
    {("command.failed", "exit_code"), ("command.not_found", "exit_code"), ("findings.truncated", "count")}
)
"""Numbers of these kinds of findings that count as they stand."""
_PARTS: Final = (
    ("entries", "count"),
    ("interfaces", "interfaces_up"),
    ("neighbors", "neighbors_unreachable"),
    ("ospf_neighbors", "ospf_adjacent"),
    ("peers", "peers_established"),
)


def fact_classes(statement: Statement) -> Iterator[str]:
    """Yield what the facts of `statement` may be said to be: the same for facts whose drift changes no word.

    Words count as they stand, numbers by the class that their name asks for, others by their magnitude. Of names
    and mere context (how many packets were sent) only their presence counts, so that the same placeholders can be
    filled. Where a part is the whole, that counts too.
    """
    facts = statement.facts
    if not facts:
        return
    in_words = dict(words(statement))
    for name in sorted(facts):
        if name in _NAMES or name in _CONTEXT:
            yield name
        elif name in in_words or (statement.kind, name) in _EXACT:
            yield f"{name}={facts[name]}"
        else:
            yield f"{name} of class {_class(name, float(facts[name]))}"
    for whole, part in _PARTS:
        if part in facts and facts.get(whole) == facts[part]:
            yield f"{part} are all"


def _class(name: str, number: float) -> str:
    if name in _BOUNDS_ABOVE:
        return str(bisect_left(_BOUNDS_ABOVE[name], number))
    if name in _BOUNDS_FROM:
        return str(bisect_right(_BOUNDS_FROM[name], number))
    if name in _ANY_OR_NONE:
        return "some" if number else "none"
    return _magnitude(number)


def _magnitude(number: float) -> str:
    """Return sign and order of magnitude; zero is a class of its own."""
    if not number or not math.isfinite(number):
        return str(number)
    return f"{'-' if number < 0 else ''}1e{math.floor(math.log10(abs(number)))}"
