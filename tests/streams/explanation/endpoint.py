"""An OpenAI-compatible endpoint over real HTTP whose answers a test chooses."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.services.process import HOST, free_port
from tests.streams.explanation.samples import answer

Script = Callable[[dict[str, Any]], str | Response]


def busy(status: int = 503, **headers: str) -> Response:
    """An error as endpoints send it; its text quotes the conversation, as some do."""
    return JSONResponse({"error": {"message": "no: SECRET-CONVERSATION"}}, status, headers)


@dataclass
class ScriptedEndpoint:
    """Answers each call by `script`; keeps what it was asked. A context manager."""

    script: Script = lambda _body: answer()
    port: int = field(default_factory=free_port)
    calls: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"

    def says(self, *answers: str | Response) -> None:
        """Give these answers in turn, the last one for ever."""
        left = list(answers)
        self.script = lambda _body: left.pop(0) if len(left) > 1 else left[0]

    def __enter__(self) -> Self:
        app = Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])
        config = uvicorn.Config(app, host=HOST, port=self.port, log_level="critical", ws="none", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < deadline, "the scripted endpoint did not start"
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        self.calls.append(body)
        self.headers.append(dict(request.headers))
        said = await run_in_threadpool(self.script, body)
        if isinstance(said, Response):
            return said
        return JSONResponse(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            }
        )
