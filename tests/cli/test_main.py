import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cli.lazy import LazyCommand, LazyGroup
from cli.main import main
from runtime.errors import ConfigurationError


def group(**commands: LazyCommand) -> LazyGroup:
    return LazyGroup(name="group", help_text="Helps.", before=lambda: None, lazy=commands)


@click.command()
def misconfigured() -> None:
    raise ConfigurationError("set NETCOPILOT_X to 1")


def test_the_version_is_the_package_s() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert "version" in result.output


def test_help_imports_no_subcommand() -> None:
    script = "import sys; from cli.main import main; main(['--help'], standalone_mode=False); "
    script += "print(sorted({name.split('.')[0] for name in sys.modules}))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "up " in result.stdout
    for heavy in ("faust", "pydantic", "confluent_kafka", "structlog", "starlette"):
        assert f"'{heavy}'" not in result.stdout


def test_a_missing_module_fails_only_its_own_subcommand() -> None:
    commands = group(
        gone=LazyCommand("cli.no_such_module:command", "Is not there."),
        misconfigured=LazyCommand("tests.cli.test_main:misconfigured", "Is there."),
    )
    assert CliRunner().invoke(commands, ["--help"]).exit_code == 0
    result = CliRunner().invoke(commands, ["gone"])
    assert result.exit_code == 1
    assert "no module named 'cli.no_such_module'" in result.output


def test_an_error_of_configuration_is_one_line_and_exit_code_78() -> None:
    commands = group(misconfigured=LazyCommand("tests.cli.test_main:misconfigured", "Is there."))
    result = CliRunner().invoke(commands, ["misconfigured"])
    assert result.exit_code == os.EX_CONFIG
    assert result.output == "Error: set NETCOPILOT_X to 1\n"


def test_a_target_that_is_no_command_is_a_defect() -> None:
    with pytest.raises(TypeError, match="no click command"):
        LazyCommand("cli.lazy:LazyCommand", "Is a class.").load()


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_subcommand_can_be_loaded_and_helps(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output
