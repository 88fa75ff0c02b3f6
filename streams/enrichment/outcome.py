"""What becomes of an executed event, ready to be published."""

from dataclasses import dataclass
from typing import NamedTuple

from schemas.headers import Headers
from streams.caching.explanation_index import FingerprintName
from streams.driver.batch import Record


class Analyzed(NamedTuple):
    """An analysed event."""

    record: Record
    value: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that is no CommandExecuted, and why; the reason holds nothing of its text."""

    record: Record
    reason: str


@dataclass(frozen=True, slots=True)
class Requested:
    """A request to explain a fingerprint, beside the outcome of the event that showed it."""

    name: FingerprintName
    value: bytes
    headers: Headers


Outcome = Analyzed | Rejected | Requested
