"""What the analyzer answers where its processes fail."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from api.analysis.analyzer import Analyzer
from api.errors import ApiError
from api.models.analysis import Output
from api.settings import ApiSettings
from runtime.line_process import LineProgram

OUTPUT = Output(os_type="linux", command="id", output="")


def program(*, on_line: str) -> LineProgram:
    source = f"import json, sys, time\nfor line in sys.stdin:\n    {on_line}\n"
    return LineProgram("test", (sys.executable, "-c", source), start_seconds=0.5)


@asynccontextmanager
async def analyzer(on_line: str, **settings: float) -> AsyncIterator[Analyzer]:
    configured = ApiSettings(api_analyze_processes=1, **settings)  # type: ignore[arg-type]  # numbers of both kinds
    async with Analyzer(configured, program(on_line=on_line)) as started:
        yield started


async def refusal(started: Analyzer) -> ApiError:
    with pytest.raises(ApiError) as raised:
        await started.analyze(OUTPUT)
    return raised.value


async def test_one_that_runs_away_is_stopped() -> None:
    async with analyzer("time.sleep(600)", api_analyze_timeout_seconds=0.1) as started:
        error = await refusal(started)
    assert (error.status, error.code) == (504, "analysis_timeout")


async def test_one_that_dies_may_be_asked_again() -> None:
    async with analyzer("sys.exit(1)") as started:
        error = await refusal(started)
    assert (error.status, error.headers) == (503, {"Retry-After": "2"})


async def test_too_many_are_refused_at_once() -> None:
    async with analyzer("time.sleep(600)", api_analyze_waiting=0) as started:
        first = asyncio.create_task(started.analyze(OUTPUT))
        await asyncio.sleep(0)
        error = await refusal(started)
        first.cancel()
        await asyncio.wait([first])
    assert (error.status, error.code, error.headers) == (503, "too_many_analyses", {"Retry-After": "2"})


async def test_an_output_that_the_engine_refuses_is_the_client_s_fault() -> None:
    answer = '{"error": {"code": "invalid_request", "message": "no", "line": 1}}'
    async with analyzer(f"print({answer!r}, flush=True)") as started:
        error = await refusal(started)
    assert (error.status, error.details) == (422, {"problems": [{"where": "body", "problem": "no"}]})
