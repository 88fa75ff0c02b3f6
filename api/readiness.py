"""Whether the process should get requests."""

from runtime.health import Probe


class Readiness:
    """Turned off first when the process drains."""

    def __init__(self) -> None:
        self._draining = False

    def drain(self) -> None:
        """Ask for no more requests."""
        self._draining = True

    def probe(self) -> Probe:
        """Tell whether the process takes requests."""
        return Probe(healthy=not self._draining, detail="draining" if self._draining else "serving")
