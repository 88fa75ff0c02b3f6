"""The API on a real socket, in a thread of the test process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from api.app import create_app
from api.server import configuration
from api.settings import ApiSettings
from tests.services.process import HOST, free_port


@contextmanager
def serving(settings: ApiSettings, *, executed_topic: str = "none", analyzed_topic: str = "none") -> Iterator[str]:
    """The API's base URL, for as long as the block runs."""
    app = create_app(settings, executed_topic=executed_topic, analyzed_topic=analyzed_topic)
    port = free_port()
    server = uvicorn.Server(configuration(app, settings.model_copy(update={"api_port": port})))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        thread.join()


def wait_until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Return as soon as the condition holds; fail where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)
