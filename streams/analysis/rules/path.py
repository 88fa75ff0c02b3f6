"""Traceroute: whether the path reaches its end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.document import Document
from streams.analysis.finding import Finding, Severity
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_TITLE: Final = re.compile(r"\btrac(?:e|eroute6?|ert|ing)\b.*?\bto\s+(?P<host>[\w.:-]+)", re.IGNORECASE)
# MPLS traces put a code before the hop, tracepath a colon and mtr a branch after it.
_HOP: Final = re.compile(r"^\s*(?:[!.A-Za-z] )?(?P<hop>\d{1,3})(?:\??:|\.\|--)?\s+(?P<rest>\S.*)$")
# SR OS writes an address of zeros before the stars, Windows a remark after them; mtr and tracepath have words.
_SILENT: Final = re.compile(
    r"^(?:0\.0\.0\.0\s+)?\*(?:\s+\*)*\s*(?:\^C|Request timed out\.\s*)?$|^no reply\s*$|^\?\?\?(?:\s|$)"
)
_FURTHER_ANSWER: Final = re.compile(r"^\s+\S.*\d m(?:s|sec)\b")


@dataclass(slots=True)
class _Trace:
    host: str
    last_line: int = -1
    hops: int = 0
    silent: bool = False


def _read(case: Case) -> Reading:
    traces = [trace for trace in _traces(case) if trace.hops]
    if not traces:
        return NOTHING_READ
    findings = tuple(_finding(case.document, trace) for trace in traces if trace.silent)
    last = traces[-1]
    return Reading(
        findings,
        {"hops": str(last.hops)},
        f"{last.hops} hops to {last.host}",
        complete=True,
    )


def _finding(document: Document, trace: _Trace) -> Finding:
    facts = {"hops": str(trace.hops)}
    quote = document.quote(trace.last_line)
    return Finding.quoting(quote, "path.incomplete", Severity.WARNING, trace.host, facts)


def _traces(case: Case) -> Iterator[_Trace]:
    document = case.document
    trace = _Trace(case.command.words[-1] if case.command.words else "host")
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if title := _TITLE.search(line):
            yield trace
            trace = _Trace(title["host"])
        elif hop := _HOP.match(line):
            trace.last_line, trace.hops = number, int(hop["hop"])
            trace.silent = _SILENT.match(hop["rest"]) is not None
        elif _FURTHER_ANSWER.match(line):
            trace.silent = False
    yield trace


FAMILY: Final = Family(
    name="path",
    about=r"trace(route|rt|path)?6?\b|\bmtr\b",
    rules=(
        Rule(
            kind="path.incomplete",
            severities=(Severity.WARNING,),
            threshold="the last hop line holds only `*`, `no reply` or `???`",
            platforms="every traceroute program",
            description="A traceroute ends in hops that do not answer.",
            phrase="the path to {subject} is silent at hop {hops}",
            example=Example(
                "linux",
                "traceroute 10.0.0.9",
                "traceroute to 10.0.0.9 (10.0.0.9), 30 hops max, 60 byte packets\n"
                " 1  10.0.1.1 (10.0.1.1)  0.3 ms  0.2 ms  0.2 ms\n 2  * * *\n",
            ),
        ),
    ),
    read=_read,
)
