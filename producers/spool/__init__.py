"""A bounded queue of payloads on disk, for when no broker answers. It survives kill -9 and serves several processes."""

from producers.spool.cursor import Position
from producers.spool.queue import Backlog, Batch, Spool

__all__ = ["Backlog", "Batch", "Position", "Spool"]
