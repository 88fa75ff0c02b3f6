"""Clients of the live streams."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.serving import wait_until


@dataclass
class Listener:
    """What an SSE stream has said so far."""

    events: list[tuple[str, Any]] = field(default_factory=list)
    """Event names with their data."""
    last_id: str = ""
    comments: int = 0
    ended: bool = False

    def named(self, name: str) -> list[Any]:
        return [data for event, data in list(self.events) if event == name]

    @property
    def commands(self) -> list[str]:
        """Ids of the events received."""
        return [item["event_id"] for item in self.named("command")]

    def wait_for(self, *names: str) -> None:
        wait_until(lambda: all(self.named(name) for name in names))

    def wait_for_commands(self, count: int) -> None:
        wait_until(lambda: len(self.commands) >= count)

    def read(self, lines: Iterator[str]) -> None:
        """Parse as the HTML standard's "Interpreting an event stream" says, as far as these tests need it."""
        name, data = "message", ""
        for line in lines:
            label, _, content = line.partition(":")
            content = content.removeprefix(" ")
            if not line:
                if data:
                    self.events.append((name, json.loads(data)))
                name, data = "message", ""
            elif not label:
                self.comments += 1
            elif label == "id":
                self.last_id = content
            elif label == "event":
                name = content
            elif label == "data":
                data += content


@contextmanager
def listening(url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[Listener]:
    """A listener whose stream is open when the block begins; the stream is closed when it ends."""
    listener = Listener()
    opened = threading.Event()
    leave = threading.Event()

    def listen() -> None:
        with httpx.Client(timeout=30) as client, client.stream("GET", url, headers=dict(headers or {})) as answer:
            assert answer.status_code == 200
            opened.set()
            listener.read(_until(leave, answer.iter_lines()))
        listener.ended = True

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert opened.wait(20)
    try:
        yield listener
    finally:
        leave.set()
        thread.join(20)


def _until(leave: threading.Event, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if leave.is_set():
            return
        yield line
