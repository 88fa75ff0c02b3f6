import pytest
from pydantic import ValidationError

from runtime.kafka import client_config
from runtime.settings import ClickHouseSettings, KafkaSettings, ProcessSettings, RedisSettings


class Everything(ProcessSettings, KafkaSettings, ClickHouseSettings, RedisSettings):
    """All mixins at once."""


def test_every_mixin_reads_the_same_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS", "broker:1")
    monkeypatch.setenv("NETCOPILOT_CLICKHOUSE_URL", "http://clickhouse:2")
    monkeypatch.setenv("NETCOPILOT_LOG_LEVEL", "debug")
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", "http://registry:3")
    settings = Everything()
    assert settings.kafka_bootstrap_servers == "broker:1"
    assert settings.clickhouse_url == "http://clickhouse:2"
    assert settings.log_level == "debug"
    assert settings.schema_registry_url is not None
    assert settings.schema_registry_url.get_secret_value() == "http://registry:3"


def test_settings_do_not_change_and_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_SASL_PASSWORD", "CLICKHOUSE_PASSWORD", "REDIS_URL"):
        monkeypatch.setenv(f"NETCOPILOT_{name}", "canary-secret")
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", "http://u:canary-secret@registry")
    settings = Everything()
    assert "canary" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.kafka_bootstrap_servers = "other"  # type: ignore[misc]
    monkeypatch.setenv("NETCOPILOT_KAFKA_SECURITY_PROTOCOL", "canary-secret")
    with pytest.raises(ValidationError) as caught:
        Everything()
    assert "canary" not in str(caught.value)


def test_the_kafka_client_gets_what_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = client_config(Everything(), client_id="test")
    assert plain["security.protocol"] == "PLAINTEXT"
    assert not [key for key in plain if key.startswith(("sasl", "ssl"))]
    monkeypatch.setenv("NETCOPILOT_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("NETCOPILOT_KAFKA_SASL_USERNAME", "me")
    monkeypatch.setenv("NETCOPILOT_KAFKA_SASL_PASSWORD", "secret")
    monkeypatch.setenv("NETCOPILOT_KAFKA_SSL_CAFILE", "/ca.pem")
    secured = client_config(Everything(), client_id="test")
    assert secured["sasl.username"] == "me"
    assert secured["sasl.password"] == "secret"
    assert secured["ssl.ca.location"] == "/ca.pem"
