"""The ports of the local stack, checked before anything starts."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Port:
    """A port, what it is for, and the setting that moves it."""

    purpose: str
    number: int
    setting: str


@dataclass(frozen=True, slots=True)
class PortPlan:
    """All ports that one stack is going to listen on."""

    host: str
    ports: tuple[Port, ...]

    def check(self) -> None:
        """Make sure that every port can be taken.

        Raises:
            ConfigurationError: names each port that cannot, its holder where visible, and the setting to change.

        """
        complaints = [*self._shared(), *self._taken()]
        if complaints:
            raise ConfigurationError("\n".join(complaints))

    def _shared(self) -> Iterable[str]:
        seen: dict[int, Port] = {}
        for port in self.ports:
            first = seen.setdefault(port.number, port)
            if first is not port:
                yield (
                    f"Port {port.number} is meant for both {first.purpose} and {port.purpose}: "
                    f"set {first.setting} or {port.setting} to another port."
                )

    def _taken(self) -> Iterable[str]:
        for port in self.ports:
            if not _is_free(self.host, port.number):
                yield (
                    f"Port {port.number} ({port.purpose}) is taken by {_holder(port.number)}: "
                    f"stop it, or set {port.setting} ({_flag(port.setting)}) to a free port."
                )


def _is_free(host: str, number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: TIME_WAIT does not count
        try:
            candidate.bind((host, number))
        except OSError:
            return False
    return True


def _holder(number: int) -> str:
    try:
        connections = psutil.net_connections(kind="tcp")
        pids = {c.pid for c in connections if c.status == psutil.CONN_LISTEN and c.laddr[1:2] == (number,)}
        pid = next(pid for pid in pids if pid)
        return f"process {pid} ({psutil.Process(pid).name()})"
    except (psutil.Error, StopIteration):
        return "a process that this user cannot see"


def _flag(setting: str) -> str:
    return "--" + setting.removeprefix("NETCOPILOT_UP_").lower().replace("_", "-")
