from schemas.event import STDERR_MARKER
from streams.analysis.command_line import read_command
from streams.analysis.document import read_document
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution

DF = """Filesystem     1K-blocks    Used Available Use% Mounted on
/dev/sda1       10000000 9700000    300000  97% /
"""


def analyze(output: str, exit_code: int = 0, status: str = "OK") -> tuple[str, str, list[str]]:
    analysis = Engine().analyze(Execution("t", "linux", "df", status, exit_code, output))
    return analysis.parse_status, analysis.verdict, [finding.kind for finding in analysis.findings]


def test_standard_error_does_not_disturb_the_parse() -> None:
    noisy = f"{DF}{STDERR_MARKER}\ndf: /run/user/1000/doc: Operation not permitted\n"
    assert analyze(DF) == ("PARSED", "critical", ["disk.usage"])
    status, verdict, kinds = analyze(noisy, 1, "FAILED")
    assert (status, verdict) == ("PARSED", "critical")
    assert "disk.usage" in kinds
    assert "access.denied" in kinds


def test_a_line_that_only_holds_the_marker_s_words_is_no_marker() -> None:
    text = f"grep found: {STDERR_MARKER}\nmore"
    assert read_document(text, read_command("grep x log")).stdout == text


def test_standard_error_alone_is_still_read() -> None:
    _, verdict, kinds = analyze(f"{STDERR_MARKER}\nsh: 1: df: not found\n", 127, "FAILED")
    assert (verdict, kinds) == ("warning", ["command.not_found"])


def test_standard_error_behind_a_json_answer_is_no_part_of_it() -> None:
    answer = '{"interfaces": {"Eth1": {"lineProtocolStatus": "down", "interfaceStatus": "notconnect"}}}'
    output = f"{answer}\n{STDERR_MARKER}\nCli: {{a, b: [Permission denied\n"
    analysis = Engine().analyze(Execution("t", "eos", "show interfaces | json", "FAILED", 1, output))
    assert [finding.subject for finding in analysis.findings] == ["Eth1", "show interfaces"]
    assert '"notconnect"' in analysis.findings[0].evidence
