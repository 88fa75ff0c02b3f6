"""Where a local stack is, as the settings of every process name it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values


@dataclass(frozen=True, slots=True)
class StackAddresses:
    """One host, a port for each server."""

    host: str
    kafka_port: int
    redis_port: int
    clickhouse_port: int
    api_port: int
    more: Mapping[str, str] = field(default_factory=dict)
    """Settings of what only some stacks have."""

    @property
    def kafka(self) -> str:
        """Bootstrap servers."""
        return f"{self.host}:{self.kafka_port}"

    @property
    def api(self) -> str:
        """Base URL of the API and the dashboard."""
        return f"http://{self.host}:{self.api_port}"

    def environment(self) -> Mapping[str, str]:
        """Return the settings that lead a process to this stack."""
        return {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": "",
            "NETCOPILOT_REDIS_URL": f"redis://{self.host}:{self.redis_port}/0",
            "NETCOPILOT_CLICKHOUSE_URL": f"http://{self.host}:{self.clickhouse_port}",
            "NETCOPILOT_API_HOST": self.host,
            "NETCOPILOT_API_PORT": str(self.api_port),
            **self.more,
        }

    def write(self, file: Path, *, spool: Path) -> None:
        """Leave the settings in a file that `adopt` and shells can read."""
        settings = {**self.environment(), "NETCOPILOT_SPOOL_DIR": str(spool)}
        lines = (f"{name}={value}\n" for name, value in settings.items())
        file.write_text("".join(lines), encoding="utf-8")


def adopt(file: Path) -> None:
    """Take over what a running stack wrote, except what the environment or `.env` sets already."""
    if not file.is_file():
        return
    settled = dotenv_values(".env")
    for name, value in dotenv_values(file).items():
        if name not in settled and value is not None:
            os.environ.setdefault(name, value)
