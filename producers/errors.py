"""What keeps an event from leaving the device.

NetcopilotError
|- TransientError
|  `- SpoolFullError        the disk queue has reached its limit: nothing more is taken until some of it is sent
|- DataError
|  |- EventRefusedError     the broker will never take this event (too large, for one)
|  |- UnreadableEventError  bytes of the spool are no event that this version knows
|  `- RecordingError        a line of a recording is no execution
`- ConfigurationError
   `- SpoolUnusableError    the spool folder cannot be used as it is
"""

from runtime.errors import ConfigurationError, DataError, TransientError


class SpoolFullError(TransientError):
    """The spool's limit is reached; `accepted` payloads of the refused call, from the first, are on disk."""

    def __init__(self, limit: int, *, accepted: int) -> None:
        super().__init__(
            f"the spool holds its limit of {limit} bytes and no broker takes them: "
            "check NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS, or raise NETCOPILOT_SPOOL_MAX_BYTES"
        )
        self.accepted = accepted


class SpoolUnusableError(ConfigurationError):
    """The spool folder cannot be written or read."""


class EventRefusedError(DataError):
    """The broker will never take this event."""


class UnreadableEventError(DataError):
    """Bytes of the spool are no event, or one under a schema of a newer version."""


class RecordingError(DataError):
    """A line of a recording is no execution; the message gives the reason and shows none of its content."""
