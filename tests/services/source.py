"""Where a test's service comes from."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A name for pytest's header, and how to bring the service up.

    `start` takes a scratch folder and gives the service's address for as long as its context lasts.
    """

    name: str
    start: Callable[[Path], AbstractContextManager[str]]


def running_already(variable: str, address: str) -> Source:
    """The service that an environment variable points at; it is neither started nor stopped."""
    return Source(f"{address} ({variable})", lambda _folder: nullcontext(address))
