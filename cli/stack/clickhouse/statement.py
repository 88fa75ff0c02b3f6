"""What the front must know of a statement before the engine sees it: where an INSERT's data begins, which format.

ClickHouse's HTTP interface takes a statement and an INSERT's data in one stream of bytes; the engine's library wants
them apart. Only tokens are looked at: whatever is wrong with a statement is for the engine to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

_TOKEN = re.compile(
    rb"""
      (?P<gap>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?\*/)
    | (?P<quoted>'(?:\\.|''|[^'\\])*'|"(?:\\.|""|[^"\\])*"|`(?:\\.|``|[^`\\])*`)
    | (?P<word>\w+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DATA_GAP = re.compile(rb"[ \t\f]*;?[ \t\f]*\r?\n?")
_NO_INLINE_DATA = frozenset({"SELECT", "WITH", "WATCH", "INFILE"})
_BEFORE_TARGET = frozenset({"INTO", "TABLE", "FUNCTION"})


@dataclass(frozen=True, slots=True)
class InlineInsert:
    """An INSERT whose data follows it."""

    head: str
    """The statement up to, and without, FORMAT or VALUES."""
    format: str
    data_start: int
    """Where in the examined bytes the data begins."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    top: bool
    """Whether it stands outside all brackets."""

    def is_word(self, *words: str) -> bool:
        return self.top and self.kind == "word" and self.text.upper() in words


def find_inline_insert(text: bytes) -> InlineInsert | None:
    """Split an INSERT from the data behind it; None where `text` is no INSERT or brings no data of its own."""
    tokens = _tokens(text)
    first = next(tokens, None)
    if first is None or not first.is_word("INSERT"):
        return None
    previous = next((token for token in tokens if not token.is_word(*_BEFORE_TARGET)), first)
    for token in tokens:
        if previous.text != "." and token.is_word(*_NO_INLINE_DATA):
            return None
        if previous.text != "." and token.is_word("VALUES"):
            return InlineInsert(_text(text[: token.start]), "Values", token.end)
        if previous.text != "." and token.is_word("FORMAT"):
            name = next(tokens, None)
            return _with_format(text, token, name) if name else None
        previous = token
    return None


def find_result_format(text: bytes) -> str | None:
    """Return the name in the statement's closing FORMAT clause, None where it has none."""
    tokens = [token for token in _tokens(text) if token.top and token.text != ";"]
    for position in range(len(tokens) - 2, -1, -1):
        keyword, name, following = tokens[position], tokens[position + 1], tokens[position + 2 : position + 3]
        if keyword.is_word("FORMAT") and name.kind == "word" and (not following or following[0].is_word("SETTINGS")):
            return name.text
    return None


def leading_words(text: bytes, count: int) -> tuple[str, ...]:
    """Return the first tokens in upper case: `("KILL", "QUERY")`."""
    return tuple(token.text.upper() for token in islice(_tokens(text), count))


def holds_several(text: bytes) -> bool:
    """Whether another statement follows the first one's semicolon."""
    after_first = False
    for token in _tokens(text):
        if after_first and token.text != ";":
            return True
        after_first = after_first or (token.top and token.text == ";")
    return False


def mentions(text: bytes, *words: str) -> bool:
    """Whether the statement has one of `words` (upper case) anywhere outside strings and comments."""
    return any(token.kind == "word" and token.text.upper() in words for token in _tokens(text))


def calls(text: bytes, function: str) -> bool:
    """Whether the statement calls `function` (upper case)."""
    return any(
        token.kind == "word" and token.text.upper() == function and following.text == "("
        for token, following in pairwise(_tokens(text))
    )


def string_literals(text: bytes) -> frozenset[str]:
    """Return what stands between single quotes in the statement, as it is written there."""
    return frozenset(token.text[1:-1] for token in _tokens(text) if token.kind == "quoted" and token.text[0] == "'")


def quoted(text: str) -> str:
    """Return the SQL string literal for `text`."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def quoted_name(name: str) -> str:
    """Return the SQL identifier for `name`."""
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _with_format(text: bytes, keyword: _Token, name: _Token) -> InlineInsert:
    gap = _DATA_GAP.match(text, name.end)
    return InlineInsert(_text(text[: keyword.start]), name.text, gap.end() if gap else name.end)


def _tokens(text: bytes) -> Iterator[_Token]:
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None or kind == "gap":
            continue
        depth -= match[0] in {b")", b"]"}
        yield _Token(kind, _text(match[0]), match.start(), match.end(), depth <= 0)
        depth += match[0] in {b"(", b"["}


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
