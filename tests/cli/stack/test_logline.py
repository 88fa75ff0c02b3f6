import json
import logging

import pytest
import structlog

from cli.stack.logline import is_complaint, readable


def structured(**entry: object) -> str:
    return json.dumps({"process": "sink", "logger": "sinks.main", "timestamp": "2026", **entry})


@pytest.mark.parametrize(
    ("line", "complains"),
    [
        (structured(level="warning", event="slow"), True),
        (structured(level="error", event="crashed"), True),
        (structured(level="info", event="an ERROR told calmly"), False),
        ("2026 WARN  leader is gone (kafka.server)", True),
        ("2026 [warning  ] slow", True),
        ("thread 'main' panicked at", True),
        ("errors=0", False),
        ("{not json", False),
        ("{not json ERROR", True),
        ("[1]", False),
    ],
)
def test_warnings_and_errors_are_told_from_the_rest(line: str, complains: bool) -> None:
    assert is_complaint(line) is complains


def test_a_structured_line_becomes_text() -> None:
    line = structured(level="warning", event="retrying", reason="no answer", seconds=2)
    assert readable(line) == "warning: retrying reason=no answer seconds=2"


def test_other_lines_stay_as_they_are() -> None:
    assert readable("2026 WARN  leader is gone") == "2026 WARN  leader is gone"


def test_a_long_line_is_cut() -> None:
    assert len(readable("x" * 1000)) < 400


def test_an_exception_is_told_with_its_place() -> None:
    with pytest.raises(ZeroDivisionError) as error:
        divmod(1, 0)
    event = {"event": "crashed", "level": "error", "exc_info": error.value}
    rendered = structlog.processors.dict_tracebacks(logging.getLogger(), "error", event)
    told = readable(json.dumps(rendered, default=str))
    assert told.startswith("error: crashed (ZeroDivisionError: integer division or modulo by zero, at ")
    assert f"{__file__}:" in told


def test_an_exception_without_frames_is_told_too() -> None:
    line = structured(level="error", event="crashed", exception=[{"exc_type": "E", "exc_value": "m", "frames": []}])
    assert readable(line) == "error: crashed (E: m)"
