"""Who an event comes from."""

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Self

import psutil

from producers.settings import ProducerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The fields that all events of one reporter share; see schemas/source/CommandExecuted.avsc."""

    tenant_id: str
    device_id: str
    hostname: str
    agent_id: str
    agent_version: str
    user_id: str = ""
    session_id: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, settings: ProducerSettings, *, user_id: str = "", session_id: str | None = None) -> Self:
        """Return the settings' identity; user and session as given where the settings name none."""
        return cls(
            tenant_id=settings.tenant_id,
            device_id=settings.device_id,
            hostname=settings.hostname,
            agent_id=settings.agent_id,
            agent_version=agent_version(),
            user_id=user_id if settings.user_id is None else settings.user_id,
            session_id=session_id if settings.session_id is None else settings.session_id,
            labels=settings.labels,
        )


def agent_version() -> str:
    """Return the installed version; empty in a checkout that is not installed."""
    try:
        return metadata.version("netcopilot")
    except metadata.PackageNotFoundError:
        return ""


def login_session() -> str:
    """Return an identity for the login session this process belongs to: the same for all commands of one sitting."""
    leader = os.getsid(0)
    try:
        since = psutil.Process(leader).create_time()
    except psutil.Error:
        since = 0.0
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{socket.gethostname()}/{leader}/{since}"))
