"""An analysis of an output that the client has at hand."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.analysis.intake import read_body
from api.endpoint import Answer, Endpoint
from api.errors import ApiError
from api.explanation import explanation_of
from api.models.analysis import AnalyzeAnswer, Output, OutputAnalyses, OutputAnalysis, Outputs
from api.queries.explanation import explanations
from api.services import Services, services
from runtime.errors import TransientError
from runtime.log import get_logger

log = get_logger(__name__)

_KNOWN_SECONDS = 1.0
"""How long an answer waits for what a model may have said before."""


async def post_analyze(request: Request) -> Response:
    """Analyse one output, or several (`executions`), and store nothing.

    The same analysis as the stream's: secrets are masked, an output is parsed, rules judge it. What a model has said of
    the same fingerprint before is added where it is known; none is asked.
    """
    parts = services(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "unsupported_media_type", "send the output as application/json")
    asked = await run_in_threadpool(
        read_body, await request.body(), tenant=parts.settings.tenant_id, most=parts.settings.api_analyze_outputs
    )
    outputs = asked.executions if isinstance(asked, Outputs) else [asked]
    analyses = [await parts.analyzer.analyze(output) for output in outputs]
    explained = await _explained(parts, outputs, analyses)
    answer = OutputAnalyses(analyses=explained) if isinstance(asked, Outputs) else explained[0]
    return Response(answer.model_dump_json(), media_type="application/json")


async def _explained(
    parts: Services, outputs: Sequence[Output], analyses: Sequence[OutputAnalysis]
) -> list[OutputAnalysis]:
    """Return the analyses with what is known of their fingerprints; ClickHouse need not answer for that."""
    try:
        async with asyncio.timeout(_KNOWN_SECONDS):
            rows = await parts.database.rows(explanations([analysis.fingerprint for analysis in analyses]))
    except (TimeoutError, TransientError, ApiError) as error:
        log.warning("explanations_unavailable", error=str(error))
        return list(analyses)
    known = {row["fingerprint"]: row for row in rows}
    return [
        _with_explanation(analysis, output.os_type, known.get(analysis.fingerprint))
        for output, analysis in zip(outputs, analyses, strict=True)
    ]


def _with_explanation(analysis: OutputAnalysis, os_type: str, answer: Mapping[str, Any] | None) -> OutputAnalysis:
    if answer is None:
        return analysis
    findings = [finding.model_dump() for finding in analysis.findings]
    filled = explanation_of(answer, os_type=os_type, findings=findings, facts=analysis.facts)
    return analysis.model_copy(update={"explanation": filled})


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/v1/analyze",
        handler=post_analyze,
        tag="analysis",
        summary="Analyse an output",
        body=(Output, Outputs),
        answers={200: Answer(description="The analysis; for several outputs their analyses.", model=AnalyzeAnswer)},
        errors={
            413: "The body is too large.",
            415: "Not application/json.",
            422: "The body is not an output or several.",
            503: "Too many outputs wait.",
            504: "The analysis ran away and was stopped.",
        },
    ),
)
