"""A network card's own counters: `ethtool -S`."""

import re
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import ErrorCounters

COMMANDS: Final = r"\bethtool\s+(?:-s|--statistics)\b"
"""The commands whose outputs are such counters."""

_COUNTER: Final = re.compile(r"^\s+(?P<counter>[rt]x_\w+): (?P<value>\d+)\s*$")
_COUNTED: Final = {
    "rx_packets": "input_packets",
    "tx_packets": "output_packets",
    "rx_errors": "input_errors",
    "rx_crc_errors": "input_errors",
    "rx_over_errors": "input_errors",
    "rx_frame_errors": "input_errors",
    "tx_errors": "output_errors",
}


def error_counters(document: Document, name: str) -> ErrorCounters | None:
    """Return the counters of the card `name`, quoted where there are errors; None if none of them is shown.

    Other counters of errors are details of these, or count drops.
    """
    numbers = dict.fromkeys(_COUNTED.values(), 0)
    shown, proof = False, None
    for number in range(document.first, document.last):
        match = _COUNTER.match(document.lines[number][:200])
        counted = _COUNTED.get(match["counter"]) if match else None
        if match is None or counted is None:
            continue
        value, is_error = int(match["value"]), counted.endswith("errors")
        numbers[counted] = max(numbers[counted], value)
        shown = shown or is_error
        if is_error and value and proof is None:
            proof = document.quote(number)
    return ErrorCounters(name=name, quote=proof, **numbers) if shown else None
