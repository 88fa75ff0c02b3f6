"""Short ways to say: this output of that command, and these findings."""

from streams.analysis import Analysis, Engine, Execution, Finding

_ENGINE = Engine(deadline=5.0)


def analyze(
    output: str,
    command: str,
    os_type: str = "linux",
    *,
    status: str = "OK",
    exit_code: int | None = 0,
) -> Analysis:
    """Return the analysis of an execution, with a deadline that a busy machine does not reach."""
    return judge(Execution("tenant", os_type, command, status, exit_code, output))


def judge(execution: Execution) -> Analysis:
    """Return the analysis of `execution`, having checked that each finding's evidence is verbatim."""
    analysis = _ENGINE.analyze(execution)
    for finding in analysis.findings:
        assert_verbatim(finding, execution.output)
    return analysis


def assert_verbatim(finding: Finding, output: str) -> None:
    """Fail unless the evidence stands in `output` on exactly the lines that the finding names."""
    lines = output.split("\n")
    if finding.line_start == 0:
        assert finding.evidence == ""
        assert finding.line_end == 0
        return
    quoted = lines[finding.line_start - 1 : finding.line_end]
    assert finding.evidence in "\n".join(quoted)
    assert 1 <= finding.line_start <= finding.line_end <= len(lines)


def kinds(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Return kind, severity and subject of each finding."""
    return [(each.kind, each.severity.symbol, each.subject) for each in analysis.findings]
