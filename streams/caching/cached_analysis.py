"""What a cache keeps of an analysis."""

import struct
import time
from typing import NamedTuple

_HEAD = struct.Struct(">?d")


class CachedAnalysis(NamedTuple):
    """The analysis of an output, ready to be appended to any execution that had it."""

    shared: bytes
    """Encoded analysis fields (AnalysisEncoder.shared_part)."""
    configures: bool
    """Whether the command changes its device's configuration."""
    created: float
    """Seconds since the Unix epoch."""

    @classmethod
    def fresh(cls, shared: bytes, *, configures: bool) -> "CachedAnalysis":
        """Return one that was made now."""
        return cls(shared, configures, time.time())

    @classmethod
    def from_bytes(cls, value: bytes) -> "CachedAnalysis":
        """Return what `to_bytes` wrote.

        Raises:
            ValueError: it did not.

        """
        try:
            configures, created = _HEAD.unpack_from(value)
        except struct.error:
            raise ValueError(f"{len(value)} bytes are no cached analysis") from None
        return cls(value[_HEAD.size :], configures, created)

    def to_bytes(self) -> bytes:
        """Return it as Redis keeps it."""
        return _HEAD.pack(self.configures, self.created) + self.shared
