"""What a model says of an analysis that was made here."""

import asyncio
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from runtime.log import configure_logging
from schemas.placeholders import fill
from schemas.suggested_command import suggested_command
from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution
from streams.analyze.local_model import local_model, local_model_is_installed
from streams.analyze.settings import AnalyzeSettings
from streams.analyze.words import Words
from streams.explanation.explain import Manner, explain
from streams.explanation.explanation import Explanation
from streams.explanation.openai_model import OpenAIModel
from streams.explanation.request import ExplanationRequest, request_from


class Explaining:
    """Asks the model of the settings, else the demonstration model where it is installed; a context manager.

    The model is looked for when the first analysis is to be explained.
    """

    def __init__(self, settings: AnalyzeSettings) -> None:
        self._settings = settings
        self._resources = ExitStack()
        self._runner = self._resources.enter_context(asyncio.Runner())
        self._model: OpenAIModel | None = None
        configure_logging(settings.model_copy(update={"log_level": "warning"}), process="analyze")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._model is not None:
            self._runner.run(self._model.__aexit__(kind, error, trace))
        self._resources.close()

    def words(self, execution: Execution, analysis: Analysis) -> Words:
        """Return the model's words, filled with what this very output says.

        Raises:
            ConfigurationError: there is no model, or it does not know the key; names the cure.
            TransientError: it does not answer.
            DataError: it refuses this output.

        """
        if self._model is None:
            self._model = OpenAIModel(self._reachable())
        request = request_from(execution, analysis)
        manner = Manner(output_chars=self._settings.llm_prompt_chars, guided=self._settings.llm_guided)
        return _filled(request, self._runner.run(explain(request, self._model, manner)))

    def _reachable(self) -> AnalyzeSettings:
        """Return the settings with a model that can be asked, where there is one."""
        if not self._settings.llm_base_url and local_model_is_installed():
            endpoint = self._resources.enter_context(local_model())
            own = {"llm_base_url": endpoint.base_url, "llm_model": endpoint.model, "llm_guided": True}
            self._settings = self._settings.model_copy(update=own)
        return self._settings


def _filled(request: ExplanationRequest, explanation: Explanation) -> Words:
    values = request.values
    shown = (
        suggested_command(each.command, each.reason, each.risk, values=values, os_type=request.os_type)
        for each in explanation.suggestions
    )
    return Words(
        outcome=explanation.outcome.value,
        model=explanation.model,
        prompt_version=explanation.prompt_version,
        confidence=explanation.confidence,
        text=fill(explanation.explanation, values) or None,
        likely_causes=tuple(fill(cause, values) for cause in explanation.likely_causes),
        suggestions=tuple(each for each in shown if each is not None),
    )
