"""The device agent's commands. Each is imported when it is asked for: `exec` must not wait for the others' imports."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from producers.commands.agent import agent_command
    from producers.commands.exec import exec_command
    from producers.commands.produce import produce_command

__all__ = ["agent_command", "exec_command", "produce_command"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{name.removesuffix('_command')}"), name)
