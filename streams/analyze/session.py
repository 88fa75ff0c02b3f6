"""One run of `netcopilot analyze`: it answers requests and remembers whether all is well."""

from dataclasses import asdict

from runtime.errors import NetcopilotError
from streams.analysis.analysis import Analysis
from streams.analysis.engine import Engine
from streams.analysis.finding import Severity
from streams.analyze.answer import Json, answer_of
from streams.analyze.request import Request
from streams.analyze.words import Speaker

_SEVERITIES = {severity.symbol: severity for severity in Severity}


class Session:
    """Analyses by one engine, and has a model speak where there is a `speaker`.

    `failed` is whether a verdict was as bad as `fail_on` (a severity's symbol), or the model could not be asked.
    """

    def __init__(self, engine: Engine, *, fail_on: str | None, speaker: Speaker | None) -> None:
        self._engine = engine
        self._worst = _SEVERITIES[fail_on] if fail_on else None
        self._speaker = speaker
        self.failed = False

    def analyze(self, request: Request) -> Analysis:
        """Return the analysis by rules."""
        analysis = self._engine.analyze(request.execution, deadline=request.deadline)
        severity = _SEVERITIES.get(analysis.verdict, Severity.OK)
        self.failed |= self._worst is not None and severity >= self._worst
        return analysis

    def respond(self, request: Request) -> Json:
        """Return the analysis as programs get it; `explanation` stands in it where there is a speaker."""
        analysis = self.analyze(request)
        if self._speaker is None:
            return answer_of(analysis)
        return {**answer_of(analysis), "explanation": self._explanation(self._speaker, request, analysis)}

    def _explanation(self, speaker: Speaker, request: Request, analysis: Analysis) -> Json:
        try:
            return asdict(speaker.words(request.execution, analysis))
        except NetcopilotError as error:
            self.failed = True
            return {"error": {"code": "model_unavailable", "message": str(error)}}
