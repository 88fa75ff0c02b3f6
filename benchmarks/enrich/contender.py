"""The processes that are measured."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.enrich.stage import Scene, Stage
from runtime.deathsignal import tie_to_this_process

_CHECKOUT: Final = Path(__file__).parents[2]
PEERS_PYTHON: Final = _CHECKOUT / ".venv" / "peers" / "bin" / "python"
_LIBRARIES: Final = next(path for path in sys.path if path.endswith("site-packages"))


@dataclass(frozen=True, slots=True)
class Running:
    """The processes of a contender."""

    processes: Sequence[subprocess.Popen[bytes]]
    log: Path

    @property
    def ended(self) -> bool:
        """Whether one of them does not run any more."""
        return any(process.poll() is not None for process in self.processes)

    def last_words(self) -> str:
        """Return the end of what they wrote."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that turns executed events into analysed ones."""

    name: str
    argv: Sequence[str]
    """Behind it come the broker, Redis and the prefix, unless `environment` tells them."""
    share: float = 1.0
    """Part of a backlog that it is given: cost is counted by event, and the slow need not work as long."""
    told_by_environment: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def command(self, stage: Stage, scene: Scene) -> list[str]:
        """Return its command line."""
        return [*self.argv, *([] if self.told_by_environment else [stage.servers, stage.redis_url, scene.prefix])]

    def environment(self, stage: Stage, scene: Scene) -> dict[str, str]:
        """Return its environment."""
        addresses = {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": stage.servers,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": scene.prefix,
            "NETCOPILOT_REDIS_URL": stage.redis_url,
            "NETCOPILOT_WORKER_GROUP": scene.group,
        }
        return {**os.environ, "PYTHONPATH": str(_CHECKOUT), **addresses, **self.settings}

    @contextmanager
    def running(self, stage: Stage, scene: Scene, *, processes: int = 1) -> Iterator[Running]:
        """Run it until the context ends."""
        log = stage.folder / f"{scene.prefix}{self.name}.log"
        started: list[subprocess.Popen[bytes]] = []
        try:
            with log.open("wb") as output:
                started.extend(self._start(stage, scene, output.fileno()) for _ in range(processes))
            yield Running(started, log)
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
            for process in started:
                _end(process)

    def _start(self, stage: Stage, scene: Scene, output: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(stage, scene),
            env=self.environment(stage, scene),
            cwd=stage.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=tie_to_this_process(),  # noqa: PLW1509 (started from the one thread of the benchmark)
        )


WORKER: Final = Contender("netcopilot", [sys.executable, "-m", "cli.main", "worker"], told_by_environment=True)
FAUST: Final = Contender("faust", [sys.executable, "-m", "benchmarks.enrich.peers.stock_faust"], share=0.05)
# Quix Streams' own libraries first, ours for the engine behind them.
_QUIX = "import runpy, sys; sys.path.append({!r}); runpy.run_module({!r}, run_name='__main__')"
QUIX: Final = Contender(
    "quix_streams",
    [str(PEERS_PYTHON), "-c", _QUIX.format(_LIBRARIES, "benchmarks.enrich.peers.quix_streams")],
    share=0.25,
)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
