"""An output as lines: cleaned for reading, verbatim for quoting."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.event import STDERR_MARKER
from streams.analysis.command_line import CommandLine
from streams.analysis.finding import NOTHING, Excerpt
from streams.analysis.prompt import is_prompt

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_CONTROL_BYTES: Final = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])
_WIDE_CONTROL: Final = re.compile(r"[\x85\u2028\u2029]")
_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_PAGER: Final = re.compile(r"(?:-{1,8} ?\(?[Mm]ore[^\n\x08]{0,40}?\)?-{1,8} {0,8})?\x08[\x08 ]*")
_STDERR: Final = re.compile(rf"^{re.escape(STDERR_MARKER)}$", re.MULTILINE)
_LONGEST_QUOTE: Final = 1000
_LONGEST_LINE: Final = 200
_LONGEST_INTRODUCTION: Final = 4000
_LONGEST_BANNER: Final = 40
_MARGINS: Final = ("    ", "\t")
_ASKS_FOR_JSON: Final = r"json|\s-[a-z]*j\b"


@dataclass(frozen=True, slots=True)
class Document:
    r"""The lines of an output, or of a text that a JSON output carries as one string.

    `lines` are free of colours, carriage returns, control characters and a margin that the whole answer has;
    line `i` of `raw_lines` is the same line, verbatim. Lines end at `\n` only. `first` and `last` bound the
    answer proper: an echoed prompt before it and a waiting prompt after it are outside (`last` is exclusive).
    `text` is the answer proper as one text; `lowered` is the same in lower case, for looks before a search;
    `stdout` is what a parser wants of it: with the margin, without the standard error that an agent puts after it.
    `embedded_line` is the 1-based line of the output that holds the whole text, 0 for a plain output.
    """

    raw_lines: tuple[str, ...]
    lines: tuple[str, ...]
    text: str
    lowered: str
    stdout: str
    first: int
    last: int
    embedded_line: int = 0

    @property
    def body(self) -> tuple[str, ...]:
        """The answer's own lines."""
        return self.lines[self.first : self.last]

    def holds_any(self, words: tuple[str, ...]) -> bool:
        """Whether the answer holds one of `words` (lower case) in any case: a look before a search."""
        return any(word in self.lowered for word in words)

    def lines_holding(self, words: tuple[str, ...]) -> list[int]:
        """Return the numbers of the answer's lines that hold one of `words` (lower case) in any case, in order."""
        held = [word for word in words if word in self.lowered]
        found = {number for word in held for number in _lines_with(self.lowered, word)}
        return [self.first + number for number in sorted(found)]

    def quote(self, first: int, last: int | None = None) -> Excerpt:
        """Return lines `first` to `last` (0-based, inclusive) verbatim, cut at 1,000 characters."""
        last = first if last is None else last
        joint = "\\n" if self.embedded_line else "\n"
        text, end = self.raw_lines[first][:_LONGEST_QUOTE], first
        while end < last and len(text) + len(self.raw_lines[end + 1]) < _LONGEST_QUOTE:
            end += 1
            text += joint + self.raw_lines[end]
        if self.embedded_line:
            return Excerpt(text, self.embedded_line, self.embedded_line)
        return Excerpt(text.rstrip("\r"), first + 1, end + 1)

    def quote_span(self, text: str, start: int, end: int) -> Excerpt:
        """Return characters `start` to `end` of `text`, the answer, as whole lines where these are short."""
        first = self.first + text.count("\n", 0, start)
        last = first + text.count("\n", start, end)
        line = self.lines[first]
        if first != last or len(line) <= _LONGEST_LINE or line != self.raw_lines[first]:
            return self.quote(first, last)
        begin = text.rfind("\n", 0, start) + 1
        excerpt = line[start - begin : min(end - begin, start - begin + _LONGEST_QUOTE)]
        number = self.embedded_line or first + 1
        return Excerpt(excerpt, number, number)

    def last_words(self) -> Excerpt:
        """Return the last line that holds text: where programs say why they gave up."""
        for number in range(self.last - 1, -1, -1):
            if self.lines[number].strip():
                return self.quote(number)
        return NOTHING


def read_document(output: str, command: CommandLine) -> Document:
    """Return `output` as lines, with the echo of `command` and a trailing prompt set aside."""
    raw_lines = tuple(output.split("\n"))
    clean_lines = _clean_lines(output, raw_lines)
    echoed = command.text != "" and command.text in output[:_LONGEST_INTRODUCTION]
    first, last = _bounds(clean_lines, command.text if echoed else "")
    filtered = "|" in command.text  # What a filter left over may all be details, with their indentation.
    lines = clean_lines if filtered else _without_margin(clean_lines, first, last)
    if command.mentions(_ASKS_FOR_JSON):
        first = _json_start(lines, first, last)
    untouched = lines is raw_lines and first == 0 and last == len(lines)
    text = output if untouched else "\n".join(lines[first:last])
    return Document(
        raw_lines=raw_lines,
        lines=lines,
        text=text,
        lowered=_lowered(text),
        stdout=_without_stderr(text if lines is clean_lines else "\n".join(clean_lines[first:last])),
        first=first,
        last=last,
    )


def embedded_document(output: str, carried: str) -> Document | None:
    """Return the document of `carried`, a text that the JSON `output` holds as one of its strings.

    None if its encoding cannot be found in `output` (escapes other than Python's choice).
    """
    literal = next((form for form in _encodings(carried) if form in output), None)
    if literal is None:
        return None
    raw_lines = tuple(literal.split("\\n"))
    lines = tuple(map(_clean, carried.split("\n")))
    if len(lines) != len(raw_lines):
        return None
    number = output.count("\n", 0, output.index(literal)) + 1
    text = "\n".join(lines)
    return Document(
        raw_lines=raw_lines,
        lines=lines,
        text=text,
        lowered=_lowered(text),
        stdout=_without_stderr(text),
        first=0,
        last=len(lines),
        embedded_line=number,
    )


def _encodings(text: str) -> tuple[str, ...]:
    plain = json.dumps(text)[1:-1]
    return (plain, json.dumps(text, ensure_ascii=False)[1:-1], plain.replace("/", "\\/"))


def _clean_lines(output: str, raw_lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines as they read: `raw_lines` themselves where nothing is to be cleaned."""
    if not _has_controls(output):
        return raw_lines
    unix = output.replace("\r\n", "\n")
    if not _has_controls(unix):
        return tuple(unix.split("\n"))
    return tuple(map(_clean, raw_lines))


def _without_margin(lines: tuple[str, ...], first: int, last: int) -> tuple[str, ...]:
    """Return `lines`, the answer among them without the margin of a pasted block: all as far in as its first line."""
    opening = next((line for line in lines[first:last] if line.strip()), "")
    if not opening.startswith(_MARGINS) or last - first == 1:
        return lines
    margin = opening[: len(opening) - len(opening.lstrip(" \t"))]
    if not all(line.startswith(margin) or not line.strip() for line in lines[first:last]):
        return lines
    return (*lines[:first], *(line[len(margin) :] for line in lines[first:last]), *lines[last:])


def _without_stderr(text: str) -> str:
    return _STDERR.split(text, maxsplit=1)[0] if STDERR_MARKER in text else text


def _lowered(text: str) -> str:
    """Return `text` with ASCII letters in lower case; beyond ASCII `str.lower` takes ten times as long."""
    return text.lower() if text.isascii() else _encoded(text).lower().decode("utf-8", "surrogatepass")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _has_controls(text: str) -> bool:
    """Whether `_CONTROL` would be found; deleting bytes takes a fifth of a search's time."""
    encoded = _encoded(text)
    if len(encoded.translate(None, _CONTROL_BYTES)) != len(encoded):
        return True
    return len(encoded) != len(text) and _WIDE_CONTROL.search(text) is not None


def _lines_with(text: str, word: str) -> Iterator[int]:
    number, start, found = 0, 0, text.find(word)
    while found >= 0:
        number += text.count("\n", start, found)
        yield number
        start = text.find("\n", found)
        found = text.find(word, start) if start >= 0 else -1


def _clean(line: str) -> str:
    if _CONTROL.search(line) is None:
        return line
    line = _PAGER.sub("", _ANSI.sub("", line.rstrip("\r")))
    return _CONTROL.sub("", line)


def _bounds(lines: tuple[str, ...], command: str) -> tuple[int, int]:
    """Return where the answer begins and ends: after the echoed command, before the waiting prompt."""
    first, last = _after_echo(lines, command), len(lines)
    end = last
    while end > first and not lines[end - 1].strip():
        end -= 1
    prompts = end
    while prompts - 1 > first and is_prompt(lines[prompts - 1]):
        prompts -= 1
    return first, prompts if prompts < end else last


def _json_start(lines: tuple[str, ...], first: int, last: int) -> int:
    """Return the first line that begins as JSON does, so that a banner before it is no part of the answer."""
    near = range(first, min(first + _LONGEST_BANNER, last))
    return next((number for number in near if lines[number].startswith(("{", "["))), first)


def _after_echo(lines: tuple[str, ...], command: str) -> int:
    """Return the line after the one that holds a prompt and `command`, with or without a banner before it; else 0."""
    if not command:
        return 0
    for number, line in enumerate(lines[:_LONGEST_BANNER]):
        typed = line.strip()
        if typed.endswith(command) and is_prompt(typed[: -len(command)]):
            return number + 1
    return 0
