"""Whether a text says only what its reader can check: every number and every name in it must stand somewhere.

What may be named is decided by the request. Executions that share a fingerprint have in common the command template,
the kinds and severities of findings, and what `fact_classes` keeps to the letter; the rest is said by placeholders. An
explanation of one very output may name what this output holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.placeholders import PLACEHOLDER, Statement
from schemas.risk import Risk, risk_of
from streams.analysis.fact_class import fact_classes
from streams.explanation.request import ExplanationRequest
from streams.explanation.vocabulary import NAMES, NUMBER_WORDS

_PLACE = "\N{REPLACEMENT CHARACTER}"
_QUOTED = re.compile(r"\"([^\"]+)\"|`([^`]+)`|\u201c([^\u201d]+)\u201d|(?<!\w)'([^']+)'(?!\w)")
_EDGES = ".,;:!?()[]<>\"'`*\u201c\u201d\u2019%=~+"
_SENTENCE_END = re.compile(r"[.!?:]$")
_ORDINARY = re.compile(r"[a-z]{1,20}(?:['\u2019][a-z]+)?", re.IGNORECASE)
"""A word as sentences have them; what is longer is a name, or no word at all."""
_PARTS = re.compile(r"[/,=()%:\u2013\u2014-]+")
_NAME_MARKS = re.compile(r"[@_\\#$^|]|^/|\w[.:]\w|::")
_LINK = re.compile(r"\w://|\bwww\.", re.IGNORECASE)
_MASK = re.compile(r"[#*_?]{2}")
_NAME_IN_COMMAND = re.compile(r"[@:\\]|\w\.\w|^/|\w/")
_TOKEN = re.compile(r"[^\s\"'`,;()\[\]{}<>|]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a text may name: `tokens` in lower case, placeholders, and `text`, of which it may quote."""

    placeholders: frozenset[str]
    tokens: frozenset[str]
    text: str
    os_type: str

    @classmethod
    def of(cls, request: ExplanationRequest) -> "Ground":
        """Return the ground that a (redacted) request gives."""
        text = " ".join("\n".join(_sources(request)).lower().split())
        return cls(frozenset(request.values), frozenset(_tokens(text)), text, request.os_type)

    def complaints(self, text: str) -> list[str]:
        """Return what in `text` is not grounded, in words for who wrote it; nothing: it is grounded."""
        return list(dict.fromkeys(self._complaints(text)))

    def complaints_on_command(self, command: str) -> list[str]:
        """Return what in a command is not grounded; words of its language and small numbers of options are free."""
        ungrounded = self._ungrounded_words(PLACEHOLDER.sub(_PLACE, command))
        return [*self._unknown_placeholders(command), *(f"{word!r} in a command stands nowhere" for word in ungrounded)]

    def _complaints(self, text: str) -> Iterator[str]:
        yield from self._unknown_placeholders(text)
        plain = PLACEHOLDER.sub(f" {_PLACE} ", text)
        if "{" in plain or "}" in plain:
            yield "braces stand around placeholders only"
        if _LINK.search(plain):
            yield "links are no explanation"
        for match in _QUOTED.finditer(plain):
            yield from self._complaints_on_quote(next(filter(None, match.groups())))
        yield from self._complaints_on_words(_QUOTED.sub(_PLACE, plain))

    def _unknown_placeholders(self, text: str) -> Iterator[str]:
        for name in PLACEHOLDER.findall(text):
            if name not in self.placeholders:
                yield f"{{{name}}} is no placeholder"

    def _complaints_on_quote(self, quote: str) -> Iterator[str]:
        """Allow what stands in the sources, a command that only reads, and placeholders alone."""
        if quote.strip(_PLACE + " ") == "" or _stands_in(quote.lower().strip(), self.text):
            return
        command = " ".join(quote.replace(_PLACE, "x").split())
        if risk_of(command, self.os_type) is Risk.READ_ONLY and not self._ungrounded_words(quote):
            return
        yield f"the quotation {quote!r} stands nowhere"

    def _complaints_on_words(self, text: str) -> Iterator[str]:
        begins_sentence = True
        for word in text.split():
            token = word.strip(_EDGES)
            if token and not self._may_say(token, begins_sentence=begins_sentence):
                yield f"{token!r} stands nowhere"
            begins_sentence = _SENTENCE_END.search(word) is not None

    def _may_say(self, token: str, *, begins_sentence: bool) -> bool:
        lower = token.lower()
        if lower in NUMBER_WORDS:
            return lower in self.tokens
        if lower in NAMES or lower in self.tokens:
            return True
        if _ORDINARY.fullmatch(token):
            return token[1:] == lower[1:] if begins_sentence else token in {lower, "I"}
        parts = [part for part in _PARTS.split(token) if part]
        if _NAME_MARKS.search(token) or len(parts) < 2:
            return not _names_something(token)
        return all(self._may_say(part, begins_sentence=begins_sentence and at == 0) for at, part in enumerate(parts))

    def _ungrounded_words(self, command: str) -> list[str]:
        """Return the words of a command that name something from nowhere."""
        return [word for word in command.split() if not self._may_stand_in_command(word)]

    def _may_stand_in_command(self, word: str) -> bool:
        bare = word.strip(_EDGES)
        if bare.lower() in self.tokens or bare.strip(_PLACE) == "" or re.fullmatch(r"\d{1,4}", word):
            return True
        return not any(character.isnumeric() for character in bare) and not _NAME_IN_COMMAND.search(bare)


def _names_something(token: str) -> bool:
    """Tell whether a token that is no plain word is more than punctuation and places; `###` masks a number."""
    return any(character.isalnum() for character in token) or _MASK.search(token) is not None


def _sources(request: ExplanationRequest) -> Iterator[str]:
    yield from (request.command_template, request.os_type, request.verdict, request.status)
    for statement in request.findings:
        yield from (statement.kind, statement.kind.replace(".", " ").replace("_", " "), statement.severity)
        yield from _common_facts(statement)
    yield from _common_facts(Statement("", request.verdict, "", facts=request.facts))
    if not request.shared:
        yield from _own_sources(request)


def _common_facts(statement: Statement) -> Iterator[str]:
    """Yield the facts that all executions of a fingerprint have in common to the letter."""
    return (described.replace("=", " ", 1) for described in fact_classes(statement) if "=" in described)


def _own_sources(request: ExplanationRequest) -> Iterator[str]:
    yield from (request.command, request.output, request.summary, str(request.exit_code))
    yield from request.values.values()


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token = match[0].strip(_EDGES)
        if token:
            yield token
            yield from _PARTS.split(token)
    yield from _NUMBER.findall(text)


def _stands_in(quote: str, text: str) -> bool:
    """Tell whether a quotation stands in the text as whole words."""
    return re.search(rf"(?<![\w.]){re.escape(quote)}(?!\w|\.\w)", text) is not None
