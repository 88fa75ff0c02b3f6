"""Each process of the compose file against its settings model and against the others."""

from typing import Any

import pytest
from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from api.settings import ApiSettings
from producers.settings import AgentSettings
from runtime.settings import KafkaSettings
from sinks.settings import SinkSettings
from streams.explanation.settings import ExplainerSettings
from streams.settings import WorkerSettings
from tests.deploy.composefile import services
from tests.deploy.image import environment as image_environment

_MODELS: dict[str, type[BaseSettings]] = {
    "worker": WorkerSettings,
    "explainer": ExplainerSettings,
    "sink": SinkSettings,
    "api": ApiSettings,
    "agent": AgentSettings,
    "topics": KafkaSettings,
    "topics-replicated": KafkaSettings,
}
_ADDRESSES = (
    "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS",
    "SCHEMA_REGISTRY_URL",
    "NETCOPILOT_CLICKHOUSE_URL",
    "NETCOPILOT_REDIS_URL",
)


def _names(model: type[BaseSettings]) -> set[str]:
    """Environment variables that the model reads."""
    names = {f"NETCOPILOT_{field}".upper() for field in model.model_fields}
    aliases = [field.validation_alias for field in model.model_fields.values()]
    choices = [alias.choices for alias in aliases if isinstance(alias, AliasChoices)]
    return names | {str(choice).upper() for group in choices for choice in group}


def _load(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    for variable, value in {**image_environment(), **services()[name].environment}.items():
        monkeypatch.setenv(variable, value)
    return _MODELS[name](_env_file=None)


def test_the_image_s_own_variables_are_settings() -> None:
    known = set[str]().union(*(_names(model) for model in _MODELS.values()))
    assert set(image_environment()) - known == set()
    assert image_environment()["NETCOPILOT_SPOOL_DIR"].startswith(dict(services()["agent"].mounts)["spool"])


def test_every_own_process_has_a_model() -> None:
    assert {name for name, service in services().items() if service.own} == set(_MODELS)


@pytest.mark.parametrize("name", _MODELS)
def test_every_variable_is_a_setting(name: str) -> None:
    assert set(services()[name].environment) - _names(_MODELS[name]) == set()


@pytest.mark.parametrize("name", _MODELS)
def test_every_address_is_set(name: str) -> None:
    read = {address for address in _ADDRESSES if address in _names(_MODELS[name])}
    if name.startswith("topics"):
        read -= {"SCHEMA_REGISTRY_URL"}
    assert read - set(services()[name].environment) == set()


@pytest.mark.parametrize("name", ["worker", "explainer", "sink", "api", "agent"])
def test_the_model_takes_the_values(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(name, monkeypatch)
    assert settings.kafka_bootstrap_servers == "kafka:9092"
    assert settings.schema_registry_url.get_secret_value() == "http://schema-registry:8081"


def test_addresses_name_services_and_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("explainer", "sink", "api"):
        settings = _load(name, monkeypatch)
        clickhouse = services()["clickhouse"].environment
        assert settings.clickhouse_url == "http://clickhouse:8123"
        assert settings.clickhouse_user == clickhouse["CLICKHOUSE_USER"]
        assert settings.clickhouse_password.get_secret_value() == clickhouse["CLICKHOUSE_PASSWORD"]
        assert settings.clickhouse_database == clickhouse["CLICKHOUSE_DB"]
    for name in ("worker", "explainer"):
        url = _load(name, monkeypatch).redis_url.get_secret_value()
        assert url == f"redis://:{services()['valkey'].environment['VALKEY_PASSWORD']}@valkey:6379/0"


@pytest.mark.parametrize(
    ("name", "field"),
    [("worker", "health"), ("explainer", "health"), ("sink", "health"), ("agent", "health"), ("api", "api")],
)
def test_health_is_asked_where_it_is_told(name: str, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _load(name, monkeypatch)
    assert getattr(settings, f"{field}_host") == "0.0.0.0"
    check = services()[name].definition["healthcheck"]["test"]
    assert check[-2:] == ["/opt/netcopilot/healthcheck.py", str(getattr(settings, f"{field}_port"))]


def test_processes_may_drain_before_they_are_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    api = _load("api", monkeypatch)
    assert api.api_drain_notice_seconds + api.api_drain_seconds < _grace("api")
    assert _load("explainer", monkeypatch).explainer_drain_seconds < _grace("explainer")
    assert _load("sink", monkeypatch).sink_drain_seconds < _grace("sink")
    assert _load("agent", monkeypatch).agent_drain_seconds < _grace("agent")


def _grace(name: str) -> int:
    return int(services()[name].definition["stop_grace_period"].removesuffix("s"))
