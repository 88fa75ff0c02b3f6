"""Settings of everything that publishes from a device: `netcopilot exec`, `agent` and `produce`."""

import getpass
import os
import socket
from pathlib import Path

from pydantic import Field

from runtime.settings import HealthSettings, KafkaSettings, ProcessSettings


def default_spool_dir() -> Path:
    """Return the spool folder of the XDG Base Directory Specification: state that outlives a restart."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "netcopilot" / "spool"


def current_user() -> str:
    """Return who is behind this process: the user that became another by sudo, where that happened."""
    if name := os.environ.get("SUDO_USER"):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def default_agent_id() -> str:
    """Return `user@host`: spool and sequence are kept for each user."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


class ProducerSettings(ProcessSettings, KafkaSettings, HealthSettings):
    """Who reports, where to, and within which limits."""

    tenant_id: str = Field("default", min_length=1, description="Owner of the device.")
    device_id: str = Field(
        default_factory=socket.gethostname, min_length=1, description="Stable identity of the device; default its name."
    )
    hostname: str = Field(default_factory=socket.gethostname, description="The device's name as operators know it.")
    agent_id: str = Field(
        default_factory=default_agent_id,
        min_length=1,
        description="Identity of the reporting agent, which event sequences count for; default user@host.",
    )
    user_id: str | None = Field(None, description="Who runs the commands; default the user behind `netcopilot exec`.")
    session_id: str | None = Field(None, description="Groups the commands of one sitting; default the login session.")
    labels: dict[str, str] = Field(default_factory=dict, description='Labels of every event, as JSON: {"site": "x"}.')
    output_limit_bytes: int = Field(
        512 * 1024, ge=1024, le=900 * 1024, description="Bytes of an output that are published; the rest is cut."
    )
    publish_timeout_seconds: float = Field(
        10.0, ge=0.1, description="Seconds without the broker's acknowledgement after which an event is spooled."
    )
    exec_wait_seconds: float = Field(
        0.8, ge=0, description="Seconds that `netcopilot exec` waits for the broker at most before it spools."
    )
    spool_dir: Path = Field(
        default_factory=default_spool_dir,
        description="Folder of the disk queue and of the event sequences; default in the XDG state folder.",
    )
    spool_max_bytes: int = Field(
        256 * 1024 * 1024, ge=64 * 1024, description="Bytes on disk at which the spool refuses more events."
    )
    spool_fsync: bool = Field(
        default=True,
        description="Whether spooled events are on the disk itself (survive a power cut) once acknowledged.",
    )


class AgentSettings(ProducerSettings):
    """What `netcopilot agent` takes besides."""

    agent_concurrency: int = Field(4, ge=1, le=256, description="Commands that run at the same time at most.")
    agent_drain_seconds: float = Field(
        5.0, ge=0, description="Seconds that a stop waits for running commands and for the broker."
    )
