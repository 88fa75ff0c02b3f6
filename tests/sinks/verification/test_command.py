"""`netcopilot verify` as it is typed."""

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from sinks.verification.command import EXIT_FAULTS, EXIT_UNCHECKED, verify_command
from sinks.verification.settings import VerifySettings
from tests.services.process import HOST, free_port
from tests.sinks.verification.pipeline import Pipeline, executions


@pytest.fixture
def environment(verify_settings: VerifySettings) -> dict[str, str]:
    return {
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": verify_settings.kafka_bootstrap_servers,
        "NETCOPILOT_KAFKA_TOPIC_PREFIX": verify_settings.kafka_topic_prefix,
        "NETCOPILOT_CLICKHOUSE_URL": verify_settings.clickhouse_url,
        "NETCOPILOT_CLICKHOUSE_DATABASE": verify_settings.clickhouse_database,
        "NETCOPILOT_WORKER_GROUP": verify_settings.worker_group,
    }


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(verify_command, arguments, env=environment)


def test_a_clean_path_is_exit_code_0(pipeline: Pipeline, environment: dict[str, str]) -> None:
    pipeline.carry(executions(range(1, 11)))
    result = _run(environment)
    assert result.exit_code == 0
    assert "clean" in result.stdout


def test_a_lost_event_is_exit_code_1_and_named(pipeline: Pipeline, environment: dict[str, str]) -> None:
    records = executions(range(1, 11))
    pipeline.carry(records)
    pipeline.client.command(f"DELETE FROM commands WHERE event_id = '{records[4]['event_id']}'")
    result = _run(environment, "--json", "--since", "-2h", "--tenant", "acme")
    assert result.exit_code == EXIT_FAULTS
    report = json.loads(result.stdout)
    assert (report["clean"], report["faults"]["LOST"]) == (False, 1)
    named = [line["examples"] for check in report["checks"] for line in check["lines"] if line["examples"]]
    assert named == [{"LOST": [str(records[4]["event_id"])]}]
    assert str(records[4]["event_id"]) in "".join(_run(environment | {"COLUMNS": "300"}).stdout.split())


def test_what_cannot_be_checked_is_exit_code_2(pipeline: Pipeline, environment: dict[str, str]) -> None:
    nowhere = environment | {"NETCOPILOT_CLICKHOUSE_URL": f"http://{HOST}:{free_port()}"}
    result = _run(nowhere)
    assert result.exit_code == EXIT_UNCHECKED
    assert "ClickHouse did not answer" in result.stderr
    assert _run(environment, "--since", "yesterday").exit_code == EXIT_UNCHECKED


def test_an_interrupt_leaves_no_table_behind(pipeline: Pipeline, environment: dict[str, str]) -> None:
    pipeline.carry(executions(range(1, 11)))
    code = (
        "import os, signal, sys\n"
        "from sinks.verification import verification\n"
        "from sinks.verification.command import verify_command\n"
        "verification.check_copies = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "verify_command()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == 128 + signal.SIGINT
    assert b"Traceback" not in ended.stderr
    left = pipeline.client.query("SELECT count() FROM system.tables WHERE name LIKE 'verification_%'")
    assert left.first_row == (0,)
