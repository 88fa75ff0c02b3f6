import signal
import subprocess
import sys

import pytest

DRAINS = """
from runtime.lifecycle import Shutdown
shutdown = Shutdown()
shutdown.install()
print("ready", flush=True)
shutdown.wait()
print("draining", flush=True)
import time
time.sleep(30)
"""

FAILS = """
from runtime import lifecycle
from runtime.errors import ConfigurationError
from runtime.log import configure_logging
from runtime.settings import ProcessSettings
configure_logging(ProcessSettings(), process="test")
def main():
    password = "canary-password"
    raise {error}
lifecycle.run(main)
"""


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_drains_and_the_second_ends(first: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", DRAINS], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(first)
    assert process.stdout.readline() == "draining\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == -signal.SIGTERM
    process.stdout.close()


@pytest.mark.parametrize(
    ("error", "code", "shown", "hidden"),
    [
        ('ConfigurationError("set NETCOPILOT_X")', 78, "set NETCOPILOT_X", "Traceback"),
        ('ValueError("a defect")', 70, "a defect", "canary-password"),
    ],
)
@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_the_exit_code_tells_a_cure_from_a_defect(
    error: str, code: int, shown: str, hidden: str, log_format: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FAILS.format(error=error)],
        capture_output=True,
        text=True,
        check=False,
        env={"NETCOPILOT_LOG_FORMAT": log_format},
    )
    assert result.returncode == code
    assert shown in result.stderr
    assert hidden not in result.stderr.replace('password = "canary-password"', "")
