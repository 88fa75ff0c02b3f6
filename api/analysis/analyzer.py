"""Asks child processes for analyses: no output can stall the event loop, and one that runs away is killed."""

import json
from typing import Any, Final, Self

from api.errors import RETRY_AFTER_SECONDS, ApiError, invalid, unavailable
from api.metrics import ANALYZE_WAITING, ANALYZED_OUTPUTS
from api.models.analysis import Output, OutputAnalysis
from api.settings import ApiSettings
from runtime.line_pool import LinePool, PoolFullError
from runtime.line_process import AnswerTimeoutError, LineProgram, LineTooLongError, NoAnswerError
from runtime.log import get_logger

log = get_logger(__name__)

PROGRAM: Final = LineProgram.python("analyze", "cli.main", "analyze", "--jsonl")


class Analyzer:
    """Runs the line program for as many outputs at once as the settings say, from the first one on."""

    def __init__(self, settings: ApiSettings, program: LineProgram = PROGRAM) -> None:
        self._tenant = settings.tenant_id
        self._timeout = settings.api_analyze_timeout_seconds
        self._pool = LinePool(program, size=settings.api_analyze_processes, max_waiting=settings.api_analyze_waiting)
        ANALYZE_WAITING.set_function(lambda: self._pool.waiting)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._pool.close()

    async def analyze(self, output: Output) -> OutputAnalysis:
        """Return the analysis of an output.

        Raises:
            ApiError: 413, it is too long for a line; 422, the engine does not take it; 503, too many outputs wait, or
                the process died of this one; 504, it ran away.

        """
        question = output.model_copy(update={"tenant_id": self._tenant}).model_dump_json(exclude_none=True)
        try:
            answer = json.loads(await self._ask(question.encode()))
        except ApiError as error:
            ANALYZED_OUTPUTS.labels(error.code).inc()
            raise
        if refusal := answer.get("error"):
            ANALYZED_OUTPUTS.labels("invalid_request").inc()
            raise invalid("the output cannot be analysed", details={"problems": [_problem(refusal)]})
        ANALYZED_OUTPUTS.labels("analyzed").inc()
        return OutputAnalysis.model_validate(answer)

    async def _ask(self, question: bytes) -> bytes:
        try:
            return await self._pool.ask(question, self._timeout)
        except PoolFullError:
            raise ApiError(
                503,
                "too_many_analyses",
                "too many outputs wait to be analysed; try again",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            ) from None
        except LineTooLongError:
            raise ApiError(413, "output_too_large", "the output is too large to be analysed") from None
        except AnswerTimeoutError as error:
            log.warning("analysis_ran_away", error=str(error))
            raise ApiError(504, "analysis_timeout", "the analysis took too long and was stopped") from None
        except NoAnswerError as error:
            log.warning("analysis_failed", error=str(error))
            raise unavailable("the analysis ended without an answer; try again") from None


def _problem(refusal: dict[str, Any]) -> dict[str, str]:
    return {"where": "body", "problem": str(refusal.get("message", ""))}
