"""How well and how dearly a model explains recorded outputs: share of grounded answers, tokens, seconds.

    python -m benchmarks.explain [OUTPUTS]

Takes outputs that differ in their findings from the corpora (tests/streams/analysis/corpora.py says where they are) and
has the model of the settings (NETCOPILOT_LLM_*) explain them, or the demonstration model where none is set. Prints one
JSON line.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.stack.model.spec import model_spec
from cli.stack.model.weights import MODEL_NAME
from runtime.errors import DataError, TransientError
from streams.analysis.engine import Engine
from streams.explanation.explain import Manner, explain
from streams.explanation.explanation import Explanation
from streams.explanation.openai_model import OpenAIModel
from streams.explanation.request import ExplanationRequest, request_from
from streams.explanation.settings import ModelSettings
from tests.services.process import HOST, free_port, running
from tests.streams.analysis.corpora import as_execution, corpus


@dataclass(frozen=True)
class Measured:
    """One explanation, or the fault that stood in its place."""

    seconds: float
    explanation: Explanation | None
    fault: str = ""

    @property
    def outcome(self) -> str:
        """The explanation's outcome, or the fault."""
        return self.explanation.outcome.value if self.explanation else self.fault


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    requests = list(representative(count))
    with model() as settings:
        measured = asyncio.run(explain_all(requests, settings))
    made = [each.explanation for each in measured if each.explanation]
    outcomes = Counter(each.outcome for each in measured)
    print(
        json.dumps(
            {
                "benchmark": "explain",
                "model": settings.llm_model,
                "outputs": len(measured),
                "outcomes": dict(outcomes),
                "grounded_share": round(outcomes["EXPLAINED"] / len(measured), 3),
                "with_suggestions": sum(bool(each.suggestions) for each in made),
                "seconds_median": round(statistics.median(each.seconds for each in measured), 2),
                "seconds_max": round(max(each.seconds for each in measured), 2),
                "prompt_tokens_median": statistics.median(each.prompt_tokens for each in made) if made else 0,
                "completion_tokens_median": statistics.median(each.completion_tokens for each in made) if made else 0,
            }
        )
    )


def representative(count: int) -> Iterator[ExplanationRequest]:
    """Return requests that differ in verdict and kinds of findings, worst first."""
    engine = Engine()
    found: dict[tuple[str, ...], ExplanationRequest] = {}
    for row in (row for name in ("jc", "suzieq", "ntc_templates") for row in corpus(name)):
        execution = as_execution(row)
        analysis = engine.analyze(execution)
        kinds = (analysis.verdict, *sorted({finding.kind for finding in analysis.findings}))
        found.setdefault(kinds, request_from(execution, analysis))
    order = ("critical", "warning", "info", "unknown", "ok")
    yield from sorted(found.values(), key=lambda request: order.index(request.verdict))[:count]


@contextmanager
def model() -> Iterator[ModelSettings]:
    """Give the settings of a model that answers."""
    settings = ModelSettings()
    if settings.llm_base_url:
        yield settings
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, running(model_spec(host=HOST, port=port), Path(folder)):
        yield ModelSettings(
            llm_base_url=f"http://{HOST}:{port}/v1",
            llm_model=MODEL_NAME,
            llm_guided=True,
            llm_max_tokens=300,
            llm_timeout_seconds=120,
            llm_attempts=1,
        )


async def explain_all(requests: list[ExplanationRequest], settings: ModelSettings) -> list[Measured]:
    """Explain one after the other."""
    manner = Manner(output_chars=settings.llm_prompt_chars, guided=settings.llm_guided)
    async with OpenAIModel(settings) as chosen:
        return [await measure(request, chosen, manner) for request in requests]


async def measure(request: ExplanationRequest, chosen: OpenAIModel, manner: Manner) -> Measured:
    """Explain one request."""
    began = time.monotonic()
    try:
        explanation = await explain(request, chosen, manner)
    except (TransientError, DataError) as error:
        return Measured(time.monotonic() - began, None, type(error).__name__)
    print(f"{request.verdict:9}{explanation.outcome:11}{explanation.explanation}", file=sys.stderr)
    return Measured(time.monotonic() - began, explanation)


if __name__ == "__main__":
    main()
