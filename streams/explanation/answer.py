"""The answer that a model is asked for, as a JSON schema and as what is read from its reply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

MOST_CAUSES = 3
MOST_SUGGESTIONS = 3
LONGEST_TEXT = 1200
LONGEST_SENTENCE = 300
"""A cause or a reason beyond this is left out, for it rambles."""
_WORD = "[a-z]{1,14}"
"""Longer ones of a small model are no words."""
_CONFIDENCES = [0.1, 0.3, 0.5, 0.7, 0.9]


class MalformedAnswerError(Exception):
    """The reply is no answer; the text says what is wrong with it and quotes nothing."""


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _clamped(value: object) -> object:
    return min(max(float(value), 0.0), 1.0) if isinstance(value, int | float) and value == value else 0.0  # noqa: PLR0124 - NaN


class SuggestedCommand(BaseModel):
    """A command that the model would run next."""

    model_config = ConfigDict(frozen=True)

    command: Annotated[str, _text(200)]
    reason: Annotated[str, _text(LONGEST_TEXT)]


class Answer(BaseModel):
    """What a model says; nothing of it is believed before grounding and policy had their say."""

    model_config = ConfigDict(frozen=True)

    explanation: Annotated[str, _text(LONGEST_TEXT)]
    likely_causes: tuple[Annotated[str, _text(LONGEST_TEXT)], ...] = Field((), max_length=10)
    suggestions: tuple[SuggestedCommand, ...] = Field((), max_length=10)
    confidence: Annotated[float, BeforeValidator(_clamped)] = 0.0


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How narrowly the schema holds a model: a pattern for its texts, a choice of commands; None leaves either free.

    With a choice of commands one cause and one suggestion will do: a small model has no more to say.
    """

    text_pattern: str | None = None
    commands: Sequence[str] | None = None
    explanation_pattern: str | None = None
    """For the explanation alone; None: as for other texts."""

    def schema(self) -> Mapping[str, Any]:
        """Return the JSON schema; every property is required and no other allowed, as strict endpoints ask."""
        text = _string(self.text_pattern)
        command = {"type": "string"} if self.commands is None else {"type": "string", "enum": list(self.commands)}
        confidence = {"type": "number"} if self.commands is None else {"type": "number", "enum": _CONFIDENCES}
        suggestion = _object({"command": command, "reason": text})
        return _object(
            {
                "explanation": _string(self.explanation_pattern or self.text_pattern),
                "likely_causes": {"type": "array", "items": text, "maxItems": 1 if self.commands else MOST_CAUSES},
                "suggestions": {
                    "type": "array",
                    "items": suggestion,
                    "maxItems": 1 if self.commands else MOST_SUGGESTIONS,
                },
                "confidence": confidence,
            }
        )


def form_without_digits(placeholders: Sequence[str]) -> AnswerForm:
    """Return the form for a second try: texts hold no digit beside those of placeholders."""
    return AnswerForm(text_pattern=f"^([^0-9{{}}]|{_any_of(placeholders)})*$" if placeholders else "^[^0-9{}]*$")


def form_of_one_sentence(placeholders: Sequence[str], commands: Sequence[str], *, stem: str) -> AnswerForm:
    """Return the form for small models: texts of one sentence without digits or quotations, commands from a list.

    The explanation goes on from `stem`, a clause that is true, so that the model explains what was found.
    """
    said = f"({_WORD}|{_any_of(placeholders)})" if placeholders else _WORD
    return AnswerForm(
        text_pattern=rf"^[A-Z][a-z]*(,? {said}){{3,16}}\.$",
        commands=commands,
        explanation_pattern=rf"^{_literal(stem)} means that(,? {said}){{3,16}}\.$" if stem else None,
    )


def read_answer(text: str) -> Answer:
    """Return the answer in a reply, whatever fences or prose stand around its JSON object.

    Raises:
        MalformedAnswerError: there is none.

    """
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise MalformedAnswerError("no JSON object")
    try:
        return Answer.model_validate_json(text[begin : end + 1])
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'answer'}: {each['type']}" for each in error.errors())
        raise MalformedAnswerError(faults[:300]) from None  # the original quotes the model


def _string(pattern: str | None) -> Mapping[str, Any]:
    return {"type": "string"} if pattern is None else {"type": "string", "pattern": pattern}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _literal(text: str) -> str:
    """Return a pattern for a text, in what all dialects of patterns have in common."""
    return re.sub(r"([\\.^$*+?()\[\]{}|])", r"\\\1", text)


def _any_of(placeholders: Sequence[str]) -> str:
    return rf"\{{({'|'.join(placeholders)})\}}"
