"""`netcopilot analyze` as people use it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from streams.analyze.command import analyze_command

PING = (
    "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n\n--- 192.0.2.1 ping statistics ---\n"
    "4 packets transmitted, {received} received, {loss}% packet loss, time 3051ms\n"
)
LOSS = PING.format(received=1, loss=75)
COMMAND = ("--command", "ping -c4 192.0.2.1", "--os-type", "linux")


def analyze(*arguments: str, given: str | bytes = LOSS, **options: Any) -> Result:
    return CliRunner().invoke(analyze_command, arguments, input=given, **options)


def test_a_report_says_verdict_proof_and_facts() -> None:
    result = analyze(*COMMAND)
    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert first == "WARNING  75% packet loss to 192.0.2.1"
    assert "      4 | 4 packets transmitted, 1 received, 75% packet loss, time 3051ms" in rest
    assert any("loss_percent=75" in line for line in rest)
    assert "jc:ping" in result.stdout


def test_json_is_the_line_protocol_s_object() -> None:
    answer = json.loads(analyze(*COMMAND, "--json").stdout)
    line = json.dumps({"os_type": "linux", "command": COMMAND[1], "output": LOSS})
    assert answer == json.loads(analyze("--jsonl", given=line).stdout)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ping.txt"
    file.write_text(LOSS)
    assert analyze(*COMMAND, str(file), given="").stdout == analyze(*COMMAND).stdout


def test_how_it_ended_counts() -> None:
    assert "command.timeout" in analyze(*COMMAND, "--status", "TIMEOUT", given="").stdout
    assert "command.failed" in analyze("--command", "x", "--exit-code", "3", given="odd\n").stdout


@pytest.mark.parametrize(
    ("fail_on", "received", "loss", "code"),
    [("warning", 4, 0, 0), ("warning", 1, 75, 1), ("critical", 1, 75, 0), ("critical", 0, 100, 1)],
)
@pytest.mark.parametrize("lines", [False, True])
def test_the_exit_code_fails_where_it_is_asked_to(
    fail_on: str, received: int, loss: int, code: int, *, lines: bool
) -> None:
    output = PING.format(received=received, loss=loss)
    asked = ("--jsonl",) if lines else COMMAND
    given = json.dumps({"os_type": "linux", "command": COMMAND[1], "output": output}) if lines else output
    assert analyze(*asked, "--fail-on", fail_on, given=given).exit_code == code
    assert analyze(*asked, given=given).exit_code == 0


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in analyze(*COMMAND).stdout
    assert "\x1b[33m" in analyze(*COMMAND, color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in analyze(*COMMAND, color=True).stdout


def test_an_output_cannot_steer_the_terminal() -> None:
    result = analyze("--command", "x\x1b]0;y\x07", given="bash: \x1b[2Jx\x9b2J: command not found\n", color=True)
    assert "\x1b[2J" not in result.stdout
    assert "\x9b" not in result.stdout
    assert "\x1b]0" not in result.stdout
    assert "\\x1b[2J" in result.stdout


def test_secrets_are_masked() -> None:
    command = "mysql --password=hunter2hunter2"
    assert "hunter2" not in analyze("--command", command, given=f"{command}: command not found\n").stdout


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    result = analyze()
    assert (result.exit_code, "--command" in result.stderr) == (2, True)
    result = analyze(*COMMAND, str(tmp_path / "none"))
    assert (result.exit_code, "cannot read" in result.stderr) == (1, True)
