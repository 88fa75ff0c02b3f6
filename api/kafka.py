"""What all of the API's Kafka clients start from."""

from typing import Any

from api.settings import ApiSettings
from runtime.kafka import client_config

_ONLY_FATAL = 2
"""syslog's LOG_CRIT: that the broker does not answer is told once, by the part that notices."""


def kafka_config(settings: ApiSettings, *, client_id: str) -> dict[str, Any]:
    """Return librdkafka's configuration for a client that comes back soon after the broker does."""
    return {
        **client_config(settings, client_id=client_id),
        "log_level": _ONLY_FATAL,
        "reconnect.backoff.ms": 200,
        "reconnect.backoff.max.ms": 2_000,
    }
