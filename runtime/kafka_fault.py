"""What Kafka's errors ask for: a person, or time."""

from collections.abc import Mapping
from typing import Final

from confluent_kafka import KafkaError

from runtime.errors import ConfigurationError

END_OF_PARTITION: Final = KafkaError._PARTITION_EOF  # noqa: SLF001
"""Code of the notice that all messages of a partition were fetched; confluent-kafka names local errors so."""

_CREDENTIALS: Final = "set NETCOPILOT_KAFKA_SASL_USERNAME, NETCOPILOT_KAFKA_SASL_PASSWORD and the security protocol"
_RIGHTS: Final = "grant this Kafka user what the command or process does with the topic"
CURES: Final[Mapping[int, str]] = {
    KafkaError._AUTHENTICATION: _CREDENTIALS,  # noqa: SLF001
    KafkaError.SASL_AUTHENTICATION_FAILED: _CREDENTIALS,
    KafkaError.UNSUPPORTED_SASL_MECHANISM: "set NETCOPILOT_KAFKA_SASL_MECHANISM to one the broker knows",
    KafkaError.TOPIC_AUTHORIZATION_FAILED: _RIGHTS,
    KafkaError.GROUP_AUTHORIZATION_FAILED: _RIGHTS,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED: _RIGHTS,
}
"""What a person does about an error, by its code; time mends all others."""


def refuse_configuration_fault(error: KafkaError, cures: Mapping[int, str] = CURES) -> None:
    """Raise where only a person can help; return where time may.

    Raises:
        ConfigurationError: credentials, rights or limits are wrong.

    """
    cure = cures.get(error.code())
    if cure is not None:
        raise ConfigurationError(f"Kafka answered {error.name()}: {cure}")


class FaultWatch:
    """Hears a client's errors and keeps the first that a person must mend.

    Wrong credentials look like silence to a call; they are told to the client's `error_cb`, which is to be `note`: an
    error raised there would reach whoever happens to call next, even where the client is closed.
    """

    def __init__(self, cures: Mapping[int, str] = CURES) -> None:
        self._cures = cures
        self._error: KafkaError | None = None

    def note(self, error: KafkaError) -> None:
        """Hear an error; on any thread."""
        if self._error is None and error.code() in self._cures:
            self._error = error

    def refuse(self) -> None:
        """Raise where something was heard that only a person can mend.

        Raises:
            ConfigurationError: credentials, rights or limits are wrong.

        """
        if self._error is not None:
            refuse_configuration_fault(self._error, self._cures)
