import pytest

from tests.streams.analysis.judging import analyze, kinds


@pytest.mark.parametrize(
    "output",
    [
        "cat: /etc/shadow: Permission denied\n",
        "ping: socket: Operation not permitted\n",
        "% Authorization failed\n",
        "% Authorization failed.\n",
        "error: permission denied: show\n",
        "user@host: Permission denied (publickey,password).\n",
        "dmesg: read kernel buffer failed: Operation not permitted\n",
        "You must be root to use this command\n",
        "iptables: must be root\n",
        "mallory is not in the sudoers file.  This incident will be reported.\n",
    ],
)
def test_refusals_are_reported(output: str) -> None:
    analysis = analyze(output, "foo", exit_code=1)
    assert kinds(analysis) == [("access.denied", "warning", "foo")]
    assert analysis.findings[0].evidence == output.rstrip()


def test_the_status_alone_is_enough() -> None:
    assert kinds(analyze("", "reload", "ios", status="DENIED", exit_code=None)) == [
        ("access.denied", "warning", "reload")
    ]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("journalctl -u sshd", "sshd[1]: pam: Permission denied\n"),
        ("show logging", "%SEC-6: Access denied\n"),
        ("show access-lists", "10 deny ip any any (permission denied counter)\n"),
        ("echo hello", "the error may be: Permission denied\n"),
    ],
)
def test_texts_about_refusals_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command)) == []
