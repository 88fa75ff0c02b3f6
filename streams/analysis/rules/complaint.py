"""How shells and network CLIs say that they do not know a command, or not in this form.

The wordings are those of bash, dash, BusyBox, zsh, ksh, csh, fish, cmd, PowerShell and tools with subcommands; of IOS,
IOS-XR, NX-OS, ASA, EOS, Junos, FRR, Cumulus, SONiC, PAN-OS, FortiOS, VRP, Comware, RouterOS, SR OS, AOS-CX, ProCurve,
EXOS, FastIron, VyOS, Gaia, DNOS and SAOS.
"""

import re
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document

_NAME: Final = r"['\"\u2018`]?(?P<name>[^\s:'\"\u2019]+)['\"\u2019]?"
_FROM_A_SHELL: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^-?\S*(?:sh|busybox)(?:\[\d+\])?: (?:line )?(?:\d+: )?{_NAME}: +(?:command )?not found(?:\s*[:\[].*)?$",
        rf"^zsh:(?:\d+:)? command not found: {_NAME}$",
        rf"^\S+: (?:line )?\d+: {_NAME}: (?:command )?not found$",
        r"^(?P<name>)(?:ERROR: )?[Cc]ommand not found(?:$|[:.\s])",
        rf"^(?:sudo|doas|nohup|xargs|watch|time): {_NAME}: [Cc]ommand not found",
        rf"^(?:\S+: )?{_NAME}: [Cc]ommand not found\.?$",
        rf"^(?:timeout|nohup|nice|stdbuf): failed to run command {_NAME}: No such file or directory",
        rf"^env: {_NAME}: No such file or directory",
        r"^Command '(?P<name>[^']+)' not found\b",
        rf"^fish: Unknown command:? {_NAME}$",
        r"^'(?P<name>[^']+)' is not recognized as an internal or external command",
        r"\bThe term '(?P<name>[^']+)' is not recognized as (?:the|a) name of",
        rf"^(?:Object|Command) {_NAME} is unknown, try ",
        rf"^Unknown (?:command verb|operation) {_NAME}\.$",
        rf"^(?:git|docker): {_NAME} is not a \w+ command",
        rf"^[Ee]rror: (?:No such|unknown) command {_NAME}(?: for .*)?\.?$",
    )
)
_STRONG: Final = re.compile(
    r"^\s*(?:error: ?)?(?:% ?bad ip address or host name ?)?%{1,2} ?(?:error:? ?(?:\d+: ?)?|code \d+: ?)?"
    r"(?:(?:invalid|unknown|ambiguous|incomplete|unrecogni[sz]ed) (?:input|command)|command incomplete|parse error"
    r"|bad (?:command|parameter value)|too many parameters|(?:wrong|illegal|missing mandatory) parameter"
    r"|there is no matched command)"
    r"|^\s*(?:% ?|error: ?)[\w/ ]{1,60}\bat '\^'(?: marker| position|\.|$)"
    r"|^\s*% ?[\w/ ]{1,60}, the error locates at '\^'",
    re.IGNORECASE,
)
_WEAK: Final = re.compile(
    r"^\s*(?:error: ?|\^ ?|minor: \S+ #\d+: )?"
    r"(?:unknown (?:command|action \d|keyword|element)\b|syntax error(?:[,:.]|$| while parsing| \(line)"
    r"|unrecogni[sz]ed command\b|(?:ambiguous|incomplete|invalid) command\b|bad command\b|command incomplete"
    r"|invalid (?:input(?:[:.]| ->|$)|syntax\.?$)|(?:ambiguous|incomplete) input\b|expected end of command"
    r"|no such command\b|command parse error before|shell parser failure|parsing error: unknown token"
    r"|incorrect usage\. +use the|incorrect input! use|clinfr\d+ +(?:invalid|incomplete|ambiguous) command"
    r"|command is not valid on|missing argument\.$|'[^']{1,60}' is ambiguous\.$)",
    re.IGNORECASE,
)
_IN_JSON: Final = re.compile(
    r"\"Invalid input\b|\"% ?(?:Invalid|Unknown|Ambiguous|Incomplete|Unrecognized) (?:input|command)"
    r"|failed: (?:invalid|incomplete|ambiguous) command|\"Input CLI command error\""
    r"|: *\"(?:unknown command|syntax error)\b",
    re.IGNORECASE,
)
_HINTS: Final = (
    "unknown", "invalid", "ambiguous", "incomplete", "unrecogni", "syntax error", "^", "parse", "parameter", "no such",
    "expected end", "incorrect", "missing argument",
)  # fmt: skip
_HINTS_BY_STEM: Final = {
    "not ": ("not found", "not recognized", "not a git command", "not a docker command", "not valid on"),
    "command": ("bad command", "matched command", "failed to run", "command error"),
}
"""Hints that are looked for where what they have in common is found."""
# Who is not understood answers shortly: in a long answer only part of a compound command can have failed.
_HINTS_IN_LONG: Final = ("not found", "% invalid", "% unknown", "unrecognized command")
_LONG: Final = 10_000
_LONGEST_JSON: Final = 2000
_SHORT_ANSWER: Final = 12
_LONGEST_LINE: Final = 500


@dataclass(frozen=True, slots=True)
class Complaint:
    """The line (0-based) that says that a command is not known, and the program it names ("" if none)."""

    line: int
    name: str


def complaint(document: Document) -> Complaint | None:
    """Return the first complaint of an answer, also one that stands as a string in a short JSON answer."""
    hinted = document.lines_holding(_hints(document) if len(document.text) <= _LONG else _HINTS_IN_LONG)
    if not hinted:
        return None
    quoted = document.text[:1] in "{[" and len(document.text) <= _LONGEST_JSON
    short = len([line for line in document.body if line.strip()]) <= _SHORT_ANSWER
    for number in hinted:
        line = document.lines[number][:_LONGEST_LINE].strip()
        if match := next((match for pattern in _FROM_A_SHELL if (match := pattern.search(line))), None):
            return Complaint(number, match["name"])
        if _STRONG.match(line) or (short and _WEAK.match(line)) or (quoted and _IN_JSON.search(line)):
            return Complaint(number, "")
    return None


def _hints(document: Document) -> tuple[str, ...]:
    return (*_HINTS, *(hint for stem, hints in _HINTS_BY_STEM.items() if stem in document.lowered for hint in hints))
