from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pydantic_settings import BaseSettings

from cli.stack.settings import UpSettings
from runtime.errors import ConfigurationError
from runtime.options import options_of, settings_from
from streams.settings import WorkerSettings


@click.command()
@options_of(UpSettings)
def show(**flags: str | None) -> None:
    """Print the settings that the command would use."""
    click.echo(settings_from(UpSettings, flags).model_dump_json())


def used(*arguments: str) -> UpSettings:
    result = CliRunner().invoke(show, arguments)
    assert result.exit_code == 0, result.output
    return UpSettings.model_validate_json(result.output)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    settings = used()
    assert (settings.kafka, settings.kafka_port, settings.data_dir) == ("embedded", 9092, Path("data"))


def test_a_flag_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCOPILOT_UP_KAFKA_PORT", "1111")
    monkeypatch.setenv("NETCOPILOT_UP_REDIS_PORT", "2222")
    settings = used("--kafka-port", "3333")
    assert (settings.kafka_port, settings.redis_port) == (3333, 2222)


def test_a_wrong_value_names_its_setting_and_flag() -> None:
    with pytest.raises(ConfigurationError, match=r"NETCOPILOT_UP_API_PORT \(--api-port\): .*less than or equal"):
        settings_from(UpSettings, {"api_port": "70000"})


def test_every_field_has_an_option_with_its_description_and_setting() -> None:
    helped = " ".join(CliRunner().invoke(show, ["--help"], terminal_width=500).output.split())
    for name, field in UpSettings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in helped
        assert f"{field.description} [NETCOPILOT_UP_{name.upper()}; default: {field.default}]" in helped


def test_secrets_have_no_option() -> None:
    @click.command()
    @options_of(WorkerSettings)
    def worker(**flags: str | None) -> None:
        """Do nothing."""

    helped = CliRunner().invoke(worker, ["--help"], terminal_width=500).output
    assert "--kafka-sasl-username" in helped
    assert "--kafka-sasl-password" not in helped
    assert "--schema-registry-url" not in helped


def test_any_settings_class_will_do() -> None:
    class Other(BaseSettings):
        count: int = 1

    assert settings_from(Other, {"count": "5"}).count == 5
