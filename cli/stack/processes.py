"""The platform's own processes, as children of the local stack."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cli.stack.probes import http_answers
from cli.stack.spec import ChildSpec


@dataclass(frozen=True, slots=True)
class OwnProcesses:
    """Makes the specifications of processes that share a host, an environment and the children they need."""

    host: str
    env: Mapping[str, str]
    needs: frozenset[str]

    def sink(self, health_port: int) -> ChildSpec:
        """Write Kafka to ClickHouse."""
        return self._worker("sink", "sink", health_port=health_port)

    def worker(self, health_port: int) -> ChildSpec:
        """Analyse the stream."""
        return self._worker("worker", "worker", health_port=health_port)

    def agent(self, health_port: int, watchlist: Path) -> ChildSpec:
        """Run the watchlist's commands on this host."""
        return self._worker("agent", "agent", "--watch", str(watchlist), health_port=health_port)

    def explainer(self, health_port: int) -> ChildSpec:
        """Ask a model about what nobody has explained yet."""
        spec = self._worker("explainer", "explainer", health_port=health_port)
        return replace(spec, essential=False, harmless=re.compile("model_busy"))

    def api(self, port: int) -> ChildSpec:
        """Serve HTTP: the API and the dashboard."""
        return self._process("api", "api", port=port, env={})

    def _worker(self, name: str, *arguments: str, health_port: int) -> ChildSpec:
        env = {"NETCOPILOT_HEALTH_HOST": self.host, "NETCOPILOT_HEALTH_PORT": str(health_port)}
        return self._process(name, *arguments, port=health_port, env=env)

    def _process(self, name: str, *arguments: str, port: int, env: Mapping[str, str]) -> ChildSpec:
        return ChildSpec(
            name=name,
            argv=(sys.executable, "-m", "cli.main", *arguments),
            env={**self.env, **env},
            ready=http_answers(self.host, port, "/readyz"),
            alive=http_answers(self.host, port, "/healthz"),
            address=f"http://{self.host}:{port}",
            needs=self.needs,
            stop_within=15.0,
        )
