"""The line protocol of `netcopilot analyze --jsonl`, by the process itself."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from streams.analysis import Engine, Execution
from streams.analyze.answer import answer_of
from tests.streams.analysis.corpora import corpus

ARGV = (sys.executable, "-m", "cli.main", "analyze", "--jsonl")
OK = {"os_type": "linux", "command": "id", "output": "uid=0(root) gid=0(root) groups=0(root)\n", "exit_code": 0}
NOT_FOUND = {"os_type": "linux", "command": "pong", "output": "bash: pong: command not found\n", "exit_code": 127}


def run(*lines: bytes | dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    given = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    done = subprocess.run(ARGV, input=given, capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, [json.loads(line) for line in done.stdout.split(b"\n") if line]


def test_each_line_is_answered_in_its_place() -> None:
    code, answers = run(NOT_FOUND, OK, NOT_FOUND)
    assert code == 0
    assert [answer["findings"][0]["kind"] if answer["findings"] else "" for answer in answers] == [
        "command.not_found",
        "",
        "command.not_found",
    ]
    assert answers[0] == answers[2]


def test_an_answer_has_all_of_an_analysis() -> None:
    _, [answer] = run(NOT_FOUND)
    [finding] = answer["findings"]
    assert set(answer) == {
        "verdict",
        "summary",
        "findings",
        "facts",
        "parser",
        "parser_version",
        "parse_status",
        "fingerprint",
        "command_template",
        "rules_version",
    }
    assert finding == {
        "kind": "command.not_found",
        "severity": "warning",
        "subject": "pong",
        "evidence": "bash: pong: command not found",
        "line_start": 1,
        "line_end": 1,
        "facts": {"exit_code": "127"},
    }
    assert len(bytes.fromhex(answer["fingerprint"])) == 16


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (b"{", "invalid_json", "no JSON"),
        (b"[" * 100_000, "invalid_json", "nested too deeply"),
        (b'{"exit_code": %s}' % (b"9" * 5000), "invalid_json", "too long"),
        (b"[]", "invalid_request", "no JSON object"),
        (b"{}", "invalid_request", "`os_type` is missing"),
        (b'{"os_type": "linux", "output": ""}', "invalid_request", "`command` is missing"),
        (b'{"os_type": "linux", "command": "id"}', "invalid_request", "`output` is missing"),
        (b'{"os_type": 7, "command": "id", "output": ""}', "invalid_request", "`os_type` is no text"),
        (json.dumps({**OK, "exit_code": True}).encode(), "invalid_request", "`exit_code` is no integer"),
        (json.dumps({**OK, "status": "GREAT"}).encode(), "invalid_request", "`status` is neither"),
        (json.dumps({**OK, "status": []}).encode(), "invalid_request", "`status` is neither"),
        (json.dumps({**OK, "deadline_ms": 0}).encode(), "invalid_request", "`deadline_ms` is not above 0"),
    ],
)
def test_a_bad_line_gets_an_error_in_its_place_and_the_run_goes_on(line: bytes, code: str, message: str) -> None:
    exit_code, answers = run(OK, line, b"", OK)
    assert exit_code == 1
    assert len(answers) == 3
    assert answers[1]["error"]["code"] == code
    assert message in answers[1]["error"]["message"]
    assert answers[1]["error"]["line"] == 2
    assert answers[0] == answers[2]


def test_odd_texts_are_taken() -> None:
    texts = ["\0", "\x1b[31mred\x1b[0m", "a\r\nb", "\u2028", "\ud800", "é"]
    invalid = b'{"os_type": "linux", "command": "pong", "output": "pong\xff: command not found"}'
    code, answers = run(*({**OK, "output": text} for text in texts), b"\xef\xbb\xbf" + json.dumps(OK).encode(), invalid)
    assert code == 0
    assert len(answers) == 8


def test_names_that_recordings_use_are_taken() -> None:
    recorded = {"platform": "linux", "command": "pong", "output": {"a": [1]}, "status": 200, "hostname": "x"}
    plain = {"os_type": "linux", "command": "pong", "output": '{"a": [1]}', "status": "OK"}
    code, [first, second] = run(recorded, plain)
    assert (code, first) == (0, second)


def test_a_tenant_and_a_status_of_their_own_count() -> None:
    _, answers = run(OK, {**OK, "tenant_id": "default"}, {**OK, "tenant_id": "other"}, {**OK, "status": "TIMEOUT"})
    assert answers[0]["fingerprint"] == answers[1]["fingerprint"] != answers[2]["fingerprint"]
    assert answers[3]["findings"][0]["kind"] == "command.timeout"


def test_secrets_are_masked_before_anything_is_quoted() -> None:
    output = "bash: deploy --password=hunter2hunter2: command not found\n"
    _, [answer] = run({**NOT_FOUND, "command": "deploy --password=hunter2hunter2", "output": output})
    assert "hunter2" not in json.dumps(answer)


def test_a_line_of_64_megabytes_is_answered_within_its_deadline() -> None:
    code, [answer] = run({**OK, "command": "cat /dev/urandom", "output": "x" * (64 << 20), "deadline_ms": 50})
    assert (code, answer["verdict"]) == (0, "unknown")


def test_answers_come_as_soon_as_they_are_asked_for() -> None:
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(ARGV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=buffered) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(json.dumps(NOT_FOUND).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == "warning"
        process.stdin.close()
        assert process.wait() == 0


def test_the_protocol_says_what_the_engine_says() -> None:
    rows = [{**row, "tenant_id": "tenant", "status": "OK", "exit_code": 0} for row in corpus("ntc_templates")[::40]]
    _, answers = run(*rows)
    engine = Engine(5.0)
    for row, answer in zip(rows, answers, strict=True):
        if "REDACTED" not in json.dumps(answer):
            expected = engine.analyze(Execution("tenant", row["platform"], row["command"], "OK", 0, row["output"]))
            assert answer["verdict"] == expected.verdict, row["command"]
            assert answer["findings"] == answer_of(expected)["findings"]
