"""librdkafka configuration from settings."""

import logging
from typing import Any

from runtime.settings import KafkaSettings

SILENCE_SECONDS = 15
"""After which a broker that does not answer counts as gone; librdkafka's own minute holds up everything behind it."""


def consumer_config(settings: KafkaSettings, *, client_id: str) -> dict[str, Any]:
    """Return what every confluent-kafka consumer of a process starts from."""
    return client_config(settings, client_id=client_id) | {"fetch.wait.max.ms": settings.kafka_fetch_wait_ms}


def client_config(settings: KafkaSettings, *, client_id: str) -> dict[str, Any]:
    """Return what every confluent-kafka client of a process starts from; librdkafka's own log joins the process's."""
    config: dict[str, Any] = {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "client.id": client_id,
        "security.protocol": settings.kafka_security_protocol,
        "log.connection.close": False,
        "logger": logging.getLogger("librdkafka"),
        "reconnect.backoff.ms": 250,
        "reconnect.backoff.max.ms": 5_000,
        "socket.timeout.ms": SILENCE_SECONDS * 1000,
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        config |= {
            "sasl.mechanism": settings.kafka_sasl_mechanism,
            "sasl.username": settings.kafka_sasl_username,
            "sasl.password": settings.kafka_sasl_password.get_secret_value(),
        }
    if settings.kafka_ssl_cafile is not None:
        config["ssl.ca.location"] = str(settings.kafka_ssl_cafile)
    return config
