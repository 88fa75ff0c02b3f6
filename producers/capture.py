"""The head of what a command writes, and the count of all of it."""


class Capture:
    """Keeps the first `limit` bytes it is given."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()
        self.total = 0

    def write(self, data: bytes) -> None:
        """Take what was written next."""
        self.total += len(data)
        room = self._limit - len(self._kept)
        if room > 0:
            self._kept += data[:room]

    @property
    def head(self) -> bytes:
        """The bytes that were kept."""
        return bytes(self._kept)
