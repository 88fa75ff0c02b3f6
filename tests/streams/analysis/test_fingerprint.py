from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.placeholders import placeholder_values
from streams.analysis import Analysis, Execution
from streams.analysis.finding import Finding, Severity
from streams.analysis.fingerprint import Identity, Understanding, fingerprint
from tests.streams.analysis.judging import analyze, judge
from tests.streams.analysis.mutants.score import said, statements_of

_EXECUTION = Execution("tenant", "linux", "df -h", "OK", 0, "output")
_FINDING = Finding("disk.usage", Severity.WARNING, "/var", "line", 1, 1, {"use_percent": "90"})
_IDENTITY = Identity(
    _EXECUTION, "df -h", "jc:df", "1.26", "1", "warning", (_FINDING,), {"file_systems": "3"}, [{"use_percent": 90}]
)


def digest(identity: Identity, understanding: Understanding = Understanding.READ) -> bytes:
    return fingerprint(identity, understanding).digest


def with_findings(*findings: Finding) -> bytes:
    return digest(replace(_IDENTITY, findings=findings))


@pytest.mark.parametrize("understanding", Understanding)
@pytest.mark.parametrize(
    "other",
    [
        replace(_IDENTITY, execution=replace(_EXECUTION, tenant_id="other")),
        replace(_IDENTITY, execution=replace(_EXECUTION, os_type="cumulus")),
        replace(_IDENTITY, execution=replace(_EXECUTION, exit_code=1)),
        replace(_IDENTITY, execution=replace(_EXECUTION, status="TIMEOUT")),
        replace(_IDENTITY, command_template="df -h {path}"),
        replace(_IDENTITY, parser="jc:free"),
        replace(_IDENTITY, parser_version="1.27"),
        replace(_IDENTITY, rules_version="2"),
        replace(_IDENTITY, verdict="critical"),
        replace(_IDENTITY, parser="jc:df1", parser_version=".26"),
    ],
)
def test_every_field_counts(understanding: Understanding, other: Identity) -> None:
    assert len(digest(_IDENTITY, understanding)) == 16
    assert digest(other, understanding) != digest(_IDENTITY, understanding)


@pytest.mark.parametrize(
    "finding",
    [
        replace(_FINDING, kind="memory.low"),
        replace(_FINDING, severity=Severity.CRITICAL),
        replace(_FINDING, facts={"use_percent": "80"}),
        replace(_FINDING, facts={}),
        replace(_FINDING, facts={"use_percent": "100"}),
        replace(_FINDING, facts={"use_percent": "90", "state": "read-only"}),
    ],
)
def test_what_was_found_counts(finding: Finding) -> None:
    assert with_findings(finding) != with_findings(_FINDING)


def test_names_and_places_do_not_count() -> None:
    elsewhere = replace(_FINDING, subject="/srv", evidence="other", line_start=9, line_end=9)
    assert with_findings(elsewhere) == with_findings(_FINDING)


def test_numbers_of_a_class_do_not_count() -> None:
    assert with_findings(replace(_FINDING, facts={"use_percent": "86"})) == with_findings(_FINDING)


def test_how_many_things_are_concerned_counts() -> None:
    twice = (_FINDING, _FINDING)
    two = (_FINDING, replace(_FINDING, subject="/srv"))
    assert len({with_findings(*findings) for findings in ((_FINDING,), twice, two, (*two, _FINDING))}) == 4


def test_that_two_findings_concern_one_thing_counts() -> None:
    slow = replace(_FINDING, kind="memory.low")
    assert with_findings(_FINDING, slow) != with_findings(_FINDING, replace(slow, subject="/srv"))


def test_the_order_of_findings_that_say_the_same_does_not_count() -> None:
    first, second = (replace(_FINDING, subject=name, line_start=line) for name, line in (("/a", 1), ("/b", 2)))
    assert with_findings(first, second) == with_findings(second, first)


def test_the_output_itself_counts_only_where_nothing_was_understood() -> None:
    other = replace(_IDENTITY, execution=replace(_EXECUTION, output="output "))
    assert digest(other, Understanding.NONE) != digest(_IDENTITY, Understanding.NONE)
    assert digest(other, Understanding.PARSED) == digest(_IDENTITY, Understanding.PARSED)
    assert digest(other) == digest(_IDENTITY)
    assert len({digest(_IDENTITY, understanding) for understanding in Understanding}) == 3


def test_parsed_data_counts_by_its_shape_where_no_rule_read_it() -> None:
    same, other = (replace(_IDENTITY, data=[{"use_percent": value}]) for value in (85, 97))
    assert digest(same, Understanding.PARSED) == digest(_IDENTITY, Understanding.PARSED)
    assert digest(other, Understanding.PARSED) != digest(_IDENTITY, Understanding.PARSED)
    assert digest(other) == digest(_IDENTITY)


def test_it_is_told_who_may_share() -> None:
    assert fingerprint(_IDENTITY, Understanding.READ).shareable
    assert fingerprint(_IDENTITY, Understanding.PARSED).shareable
    assert not fingerprint(_IDENTITY, Understanding.NONE).shareable
    assert not fingerprint(replace(_IDENTITY, data=[]), Understanding.PARSED).shareable


def test_it_is_the_same_in_every_process() -> None:
    assert digest(_IDENTITY).hex() == "da1e60f08c63d7aae3d204cc4707cb53"


_FINDINGS = st.lists(
    st.builds(
        Finding,
        kind=st.sampled_from(["bgp.session_down", "interface.down"]),
        severity=st.sampled_from([Severity.INFO, Severity.CRITICAL]),
        subject=st.sampled_from(["a", "b"]),
        evidence=st.just(""),
        line_start=st.integers(1, 4),
        line_end=st.just(4),
        facts=st.fixed_dictionaries(
            {}, optional={"state": st.sampled_from(["Idle", "Active"]), "as": st.sampled_from(["1", "2"])}
        ),
    ),
    max_size=3,
).map(tuple)


@settings(max_examples=2000, deadline=None)
@given(first=_FINDINGS, second=_FINDINGS)
def test_who_shares_is_numbered_alike(first: tuple[Finding, ...], second: tuple[Finding, ...]) -> None:
    """An explanation's placeholders speak of the same kinds, severities and words in both, and of one thing in both."""
    if with_findings(*first) != with_findings(*second):
        return
    one, other = (judged(findings) for findings in (first, second))
    assert said(one) == said(other)
    assert _same_subjects(one) == _same_subjects(other)


def judged(findings: tuple[Finding, ...]) -> Analysis:
    return Analysis(b"", "", "", "PARSED", "1", "warning", "", findings, {}, "df -h")


def _same_subjects(analysis: Analysis) -> list[int]:
    values = placeholder_values(statements_of(analysis), {})
    subjects = [value for name, value in sorted(values.items()) if name.startswith("subject")]
    return [subjects.index(subject) for subject in subjects]


def ping(host: str, loss: str, received: int) -> Analysis:
    return analyze(
        f"PING {host} ({host}) 56(84) bytes of data.\n\n--- {host} ping statistics ---\n"
        f"4 packets transmitted, {received} received, {loss}% packet loss, time 3ms\n",
        f"ping -c 4 {host}",
    )


def test_the_same_trouble_of_two_hosts_is_shared() -> None:
    assert ping("10.0.0.1", "100", 0).fingerprint == ping("10.9.9.9", "100", 0).fingerprint


@pytest.mark.parametrize(("loss", "received"), [("0", 4), ("75", 1), ("100", 0)])
def test_another_loss_is_not_shared(loss: str, received: int) -> None:
    assert ping("10.0.0.1", loss, received).fingerprint != ping("10.0.0.1", "25", 3).fingerprint


@pytest.mark.parametrize("command", ["show version", "no-such-tool", "cat /etc/motd"])
def test_what_nobody_understood_is_shared_with_nothing(command: str) -> None:
    first = judge(Execution("t", "linux", command, "OK", 0, "Linux a 5.10 x86_64\n"))
    second = judge(Execution("t", "linux", command, "OK", 0, "Linux b 5.10 x86_64\n"))
    assert not first.shareable
    assert first.fingerprint != second.fingerprint


def test_what_a_parser_read_is_shared_while_only_time_passes() -> None:
    first = analyze(" 10:00:01 up 3 days,  1:02,  2 users,  load average: 0.11, 0.20, 0.30\n", "uptime")
    later = analyze(" 11:20:31 up 9 days, 11:42,  3 users,  load average: 0.31, 0.22, 0.31\n", "uptime")
    busy = analyze(" 11:20:31 up 9 days, 11:42,  3 users,  load average: 90.31, 80.22, 70.31\n", "uptime")
    assert first.fingerprint == later.fingerprint != busy.fingerprint
