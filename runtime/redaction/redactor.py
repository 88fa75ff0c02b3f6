"""The redactor: finds what the rules call secrets and puts a mask in their place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runtime.redaction import documents, network, private_keys, shell, tokens
from runtime.redaction.rule import MASKED, Rule

REDACTION_VERSION = "1"
"""Changes whenever a rule does, so that readers know what was applied to an event."""

MASK = "[REDACTED]"

_MASK_BYTES = MASK.encode()

_PASSES = 8
"""Secrets glued to each other may show one after the other; a text that needs more passes than this is no output."""

_GATES = (b"{", b"$", b"%", b"=", b"_", b"-", b":/", b"::", b"gh", b"hv", b"")
"""What a text without it need not be searched for hints that hold it; the last holds for all."""

RULES: tuple[Rule, ...] = (*shell.RULES, *documents.RULES, *network.RULES, *tokens.RULES)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets, and how many were replaced."""

    text: str
    count: int


class Redactor:
    """Applies the rules to a text.

    The result has the same lines in the same order; within a line each secret becomes MASK. Redacting a redacted text
    changes nothing. Time is linear in the length of the text.
    """

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        by_hint: defaultdict[bytes, list[Rule]] = defaultdict(list)
        for rule in rules:
            for hint in rule.hints:
                by_hint[hint].append(rule)
        by_gate: defaultdict[bytes, list[tuple[bytes, list[Rule]]]] = defaultdict(list)
        for hint, those in by_hint.items():
            by_gate[next(gate for gate in _GATES if gate in hint)].append((hint, those))
        self._by_gate = tuple(by_gate.items())

    def redact(self, text: str) -> Redacted:
        """Return the text with every known secret masked. Lone surrogates are kept as they are."""
        data = text.encode("utf-8", "surrogatepass")
        count = 0
        for _ in range(_PASSES):
            spans = self._find(data)
            if not spans:
                break
            merged = list(_merge(spans))
            data = _mask(data, merged)
            count += len(merged)
        return Redacted(data.decode("utf-8", "surrogatepass") if count else text, count)

    def _find(self, original: bytes) -> list[Span]:
        lowered = original.lower()
        spans = list(private_keys.find(original))
        for rule, lines in self._candidates(lowered).items():
            text = original if rule.exact_case else lowered
            for start, end in lines:
                spans += (match.span(match.lastindex or 0) for match in rule.pattern.finditer(text, start, end))
        return [span for span in spans if lowered[slice(*span)] != MASKED]

    def _candidates(self, lowered: bytes) -> dict[Rule, set[Span]]:
        candidates: defaultdict[Rule, set[Span]] = defaultdict(set)
        for gate, hints in self._by_gate:
            if gate not in lowered:
                continue
            for hint, rules in hints:
                if hint in lowered:
                    lines = _lines_with(lowered, hint)
                    for rule in rules:
                        candidates[rule] |= lines
        return candidates


def _lines_with(text: bytes, hint: bytes) -> set[Span]:
    lines: set[Span] = set()
    at = text.find(hint)
    while at != -1:
        end = text.find(b"\n", at)
        end = len(text) if end == -1 else end
        lines.add((text.rfind(b"\n", 0, at) + 1, end))
        at = text.find(hint, end)
    return lines


def _merge(spans: list[Span]) -> Iterator[Span]:
    """Yield disjoint spans in order; spans that overlap or touch become one."""
    spans.sort()
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start > end:
            yield start, end
            start, end = next_start, next_end
        else:
            end = max(end, next_end)
    yield start, end


def _mask(original: bytes, spans: list[Span]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for start, end in spans:
        pieces += (original[at:start], _MASK_BYTES)
        at = end
    pieces.append(original[at:])
    return b"".join(pieces)
