import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from cli.stack.firstcommand import AnalysedCommand, first_command
from tests.services.process import HOST

ITEM = {"command": "uptime", "verdict": "ok", "summary": "up 1 day", "exit_code": 0}


class SlowApi(BaseHTTPRequestHandler):
    """Fails at first, then has nothing, then one execution."""

    answers: list[tuple[int, object]]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    SlowApi.answers = [(503, {"error": "starting"}), (200, {"items": []}), (200, {"items": [ITEM]})]
    SlowApi.asked = []
    with HTTPServer((HOST, 0), SlowApi) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


async def test_it_waits_until_the_api_has_one(api: str) -> None:
    found = await first_command(api, since="2026-01-31T12:00:00+00:00")
    assert found == AnalysedCommand("uptime", "ok", "up 1 day")
    assert len(SlowApi.asked) == 3
    assert parse_qs(urlsplit(SlowApi.asked[0]).query) == {"since": ["2026-01-31T12:00:00+00:00"], "limit": ["1"]}
