"""An analysis as the JSON object that programs get."""

import json
from collections.abc import Mapping
from typing import Any

from streams.analysis.analysis import Analysis

Json = Mapping[str, Any]


def answer_of(analysis: Analysis) -> Json:
    """Return an analysis' fields: the fingerprint as 32 hexadecimal digits, severities by their symbols."""
    return {
        "verdict": analysis.verdict,
        "summary": analysis.summary,
        "findings": [finding.record() for finding in analysis.findings],
        "facts": dict(analysis.facts),
        "parser": analysis.parser,
        "parser_version": analysis.parser_version,
        "parse_status": str(analysis.parse_status),
        "fingerprint": analysis.fingerprint.hex(),
        "command_template": analysis.command_template,
        "rules_version": analysis.rules_version,
    }


def error_of(code: str, message: str, *, line: int) -> Json:
    """Return the object that stands in the place of an answer; `line` is the input's, from 1."""
    return {"error": {"code": code, "message": message, "line": line}}


def to_line(answer: Json) -> bytes:
    """Return an answer as one line, in ASCII: whatever an output holds, no reader takes it for the line's end."""
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"
