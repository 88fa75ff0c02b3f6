"""Each command line of the compose file against the command that it calls."""

import pytest
from click.testing import CliRunner

from cli.main import main
from tests.deploy.composefile import Service, services

_OWN = [pytest.param(service, id=name) for name, service in services().items() if service.own]


@pytest.mark.parametrize("service", _OWN)
def test_command_takes_its_arguments(service: Service) -> None:
    result = CliRunner().invoke(main, [*service.command, "--help"])
    assert result.exit_code == 0, result.output


def test_a_wrong_option_would_be_noticed() -> None:
    assert CliRunner().invoke(main, ["agent", "--wach", "x", "--help"]).exit_code != 0
