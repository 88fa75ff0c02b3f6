"""How the driver fetches."""

from dataclasses import dataclass, field

from streams.driver.drain import Portions


@dataclass(frozen=True, slots=True)
class DriverOptions:
    """What Faust's settings do not tell."""

    fetch_wait_ms: int = 100
    """How long a broker may hold a fetch that finds nothing."""
    portions: Portions = field(default_factory=Portions)
    """What is taken from the fetcher at a time; a broker's answer is as large as `total_bytes` at most."""
