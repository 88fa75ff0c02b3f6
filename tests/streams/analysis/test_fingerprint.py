from dataclasses import replace

import pytest

from streams.analysis import Analysis, Execution
from streams.analysis.finding import Finding, Severity
from streams.analysis.fingerprint import Identity, exact_fingerprint, shared_fingerprint
from tests.streams.analysis.judging import analyze, judge

_EXECUTION = Execution("tenant", "linux", "df -h", "OK", 0, "output")
_FINDING = Finding("disk.usage", Severity.WARNING, "/var", "line", 1, 1, {"use_percent": "90"})
_IDENTITY = Identity(_EXECUTION, "df -h", "jc:df", "1.26", "1", "warning", (_FINDING,), {"file_systems": "3"})


@pytest.mark.parametrize("fingerprint", [shared_fingerprint, exact_fingerprint])
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
def test_every_field_counts(fingerprint, other: Identity) -> None:  # type: ignore[no-untyped-def]
    assert len(fingerprint(_IDENTITY)) == 16
    assert fingerprint(other) != fingerprint(_IDENTITY)


@pytest.mark.parametrize(
    "finding",
    [
        replace(_FINDING, kind="memory.low"),
        replace(_FINDING, severity=Severity.CRITICAL),
        replace(_FINDING, facts={"use_percent": "80"}),
        replace(_FINDING, facts={}),
        replace(_FINDING, facts={"use_percent": "100"}),
    ],
)
def test_what_was_found_counts(finding: Finding) -> None:
    assert shared_fingerprint(replace(_IDENTITY, findings=(finding,))) != shared_fingerprint(_IDENTITY)


def test_names_and_places_do_not_count() -> None:
    elsewhere = replace(_FINDING, subject="/srv", evidence="other", line_start=9, line_end=9)
    assert shared_fingerprint(replace(_IDENTITY, findings=(elsewhere,))) == shared_fingerprint(_IDENTITY)


def test_how_many_names_there_are_counts() -> None:
    twice = (_FINDING, _FINDING)
    two = (_FINDING, replace(_FINDING, subject="/srv"))
    identities = [replace(_IDENTITY, findings=findings) for findings in ((_FINDING,), twice, two)]
    assert len({shared_fingerprint(identity) for identity in identities}) == 3


def test_near_numbers_share_a_bucket() -> None:
    near = replace(_FINDING, facts={"use_percent": "91"})
    assert shared_fingerprint(replace(_IDENTITY, findings=(near,))) == shared_fingerprint(_IDENTITY)


def test_the_exact_form_counts_every_character_of_the_output() -> None:
    other = replace(_IDENTITY, execution=replace(_EXECUTION, output="output "))
    assert exact_fingerprint(other) != exact_fingerprint(_IDENTITY)
    assert shared_fingerprint(other) == shared_fingerprint(_IDENTITY)
    assert shared_fingerprint(_IDENTITY) != exact_fingerprint(_IDENTITY)


def test_it_is_the_same_in_every_process() -> None:
    assert shared_fingerprint(_IDENTITY).hex() == "ca91997e30dc9cd77c87f19f1e46b51a"


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


@pytest.mark.parametrize("command", ["show version", "uname -a", "no-such-tool"])
def test_what_no_rule_has_read_is_shared_with_nothing(command: str) -> None:
    first = judge(Execution("t", "linux", command, "OK", 0, "Linux a 5.10 x86_64\n"))
    second = judge(Execution("t", "linux", command, "OK", 0, "Linux b 5.10 x86_64\n"))
    assert first.fingerprint != second.fingerprint
