"""One explanation: ask, ground, ask once more where that failed, and show nothing that is not grounded."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from runtime.redaction import Redactor
from streams.explanation import metrics
from streams.explanation.answer import (
    LONGEST_SENTENCE,
    MOST_CAUSES,
    Answer,
    AnswerForm,
    MalformedAnswerError,
    form_of_one_sentence,
    form_without_digits,
    read_answer,
)
from streams.explanation.candidates import candidates
from streams.explanation.contradiction import contradicts
from streams.explanation.explanation import Explanation, Outcome
from streams.explanation.grounding import Ground
from streams.explanation.model import Message, Model, Reply
from streams.explanation.policy import approved
from streams.explanation.prompt import prompt
from streams.explanation.request import ExplanationRequest, redacted
from streams.explanation.templating import with_placeholders
from streams.explanation.version import PROMPT_VERSION

_SHOWN_TO_SMALL_MODELS = 2_500
_STEM = re.compile(r"[\w {}%,;'-]{1,160}", re.ASCII)
"""A summary that is one clause, and safe in a pattern of any JSON schema's dialect."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model is asked: characters of output it is shown; `guided` holds it to one sentence, and asks but once."""

    output_chars: int = 12_000
    guided: bool = False

    @property
    def shown_chars(self) -> int:
        """Characters of output to show: a small model has a small context."""
        return min(self.output_chars, _SHOWN_TO_SMALL_MODELS) if self.guided else self.output_chars


async def explain(request: ExplanationRequest, model: Model, manner: Manner | None = None) -> Explanation:
    """Return what `model` says of the request, grounded; asks at most twice, a guided model once.

    Raises:
        TransientError, ConfigurationError, DataError: as Model.complete().

    """
    return await _Attempt(redacted(request, Redactor()), model, manner or Manner()).run()


@dataclass(frozen=True, slots=True)
class _Judged:
    """An answer as far as it may be shown; where there is no explanation, `complaints` say why."""

    explanation: str = ""
    likely_causes: tuple[str, ...] = ()
    answer: Answer | None = None
    complaints: tuple[str, ...] = ()


class _Attempt:
    """The work on one (redacted) request."""

    def __init__(self, request: ExplanationRequest, model: Model, manner: Manner) -> None:
        self._request = request
        self._model = model
        self._manner = manner
        self._values = request.values
        self._ground = Ground.of(request)
        self._prompt_tokens = 0
        self._completion_tokens = 0

    async def run(self) -> Explanation:
        question = prompt(self._request, output_chars=self._manner.shown_chars, brief=self._manner.guided)
        reply = await self._ask(question.conversation, self._first_form())
        if reply.declined:
            return self._declined()
        judged = self._judge(reply)
        if not judged.explanation and not self._manner.guided:
            reply = await self._ask(question.again(judged.complaints), form_without_digits(sorted(self._values)))
            if reply.declined:
                return self._declined()
            judged = self._judge(reply)
        return self._explained(judged)

    async def _ask(self, conversation: tuple[Message, ...], form: AnswerForm) -> Reply:
        reply = await self._model.complete(conversation, form.schema())
        self._prompt_tokens += reply.prompt_tokens
        self._completion_tokens += reply.completion_tokens
        return reply

    def _first_form(self) -> AnswerForm:
        if not self._manner.guided:
            return AnswerForm()
        return form_of_one_sentence(sorted(self._values), candidates(self._request), stem=self._stem())

    def _stem(self) -> str:
        """Return the summary for all executions that share the fingerprint; empty where it speaks of this one only."""
        stem = with_placeholders(self._request.summary, self._values)
        return stem if _STEM.fullmatch(stem) and not self._ground.complaints(stem) else ""

    def _judge(self, reply: Reply) -> _Judged:
        try:
            answer = read_answer(reply.text)
        except MalformedAnswerError as error:
            metrics.ANSWERS.labels("malformed").inc()
            return _Judged(complaints=(f"no valid answer ({error})",))
        explanation = with_placeholders(answer.explanation, self._values)
        causes = tuple(with_placeholders(cause, self._values) for cause in answer.likely_causes)
        complaints = tuple(self._complaints(explanation))
        metrics.ANSWERS.labels("ungrounded" if complaints else "grounded").inc()
        return _Judged(
            explanation="" if complaints else explanation,
            likely_causes=tuple(filter(self._may_be_shown, causes))[:MOST_CAUSES],
            answer=answer,
            complaints=complaints,
        )

    def _may_be_shown(self, cause: str) -> bool:
        return len(cause) <= LONGEST_SENTENCE and not self._complaints(cause)

    def _complaints(self, text: str) -> list[str]:
        if contradicts(text, self._request.verdict):
            return [f"it denies the verdict, which is {self._request.verdict}"]
        return self._ground.complaints(text)

    def _explained(self, judged: _Judged) -> Explanation:
        if judged.answer is None or not judged.explanation:
            return self._explanation(Outcome.UNGROUNDED, _Judged())
        return self._explanation(Outcome.EXPLAINED, judged)

    def _declined(self) -> Explanation:
        metrics.ANSWERS.labels("declined").inc()
        return self._explanation(Outcome.REFUSED, _Judged())

    def _explanation(self, outcome: Outcome, judged: _Judged) -> Explanation:
        request, answer = self._request, judged.answer
        return Explanation(
            tenant_id=request.tenant_id,
            fingerprint=request.fingerprint,
            created_at=datetime.now(UTC),
            model=self._model.name,
            prompt_version=PROMPT_VERSION,
            rules_version=request.rules_version,
            outcome=outcome,
            explanation=judged.explanation,
            likely_causes=judged.likely_causes,
            suggestions=approved(answer.suggestions, self._ground, self._values, request.os_type) if answer else (),
            confidence=answer.confidence if answer else 0.0,
            event_id=request.event_id,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
        )
