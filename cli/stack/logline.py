"""One line of a child's log, as a person wants to read it."""

import json
import re
from typing import Any

_COMPLAINT = re.compile(r"\b(WARN|WARNING|ERROR|FATAL|CRITICAL|panicked)\b|\[(warning|error|critical) *\]")
_LEVELS = {"warning", "error", "critical"}
_FRAME = {"process", "level", "logger", "timestamp", "event", "exception"}
_WIDTH = 300


def readable(line: str) -> str:
    """Return a line of structured log as `level: event key=value`, its exception in a few words; others as they are.

    It is cut where it gets too long for a terminal.
    """
    entry = _entry(line)
    text = line if entry is None else _told(entry)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]} ..."


def is_complaint(line: str) -> bool:
    """Tell whether the line warns or tells of an error."""
    entry = _entry(line)
    if entry is None:
        return _COMPLAINT.search(line) is not None
    return entry.get("level") in _LEVELS


def _entry(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _told(entry: dict[str, Any]) -> str:
    details = [f"{key}={value}" for key, value in entry.items() if key not in _FRAME]
    return " ".join([f"{entry.get('level', 'info')}: {entry.get('event', '')}", *details, *_exception(entry)])


def _exception(entry: dict[str, Any]) -> list[str]:
    """Return type, message and place of the exception that structlog's dict_tracebacks wrote."""
    match entry.get("exception"):
        case [{"exc_type": kind, "exc_value": message, "frames": [*_, {"filename": file, "lineno": line}]}, *_]:
            return [f"({kind}: {message}, at {file}:{line})"]
        case [{"exc_type": kind, "exc_value": message}, *_]:
            return [f"({kind}: {message})"]
        case _:
            return []
