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
        "% Permission denied for the role\n",
        "% This command is not authorized\n",
        "Command authorization failed.\n",
        "% Authorization denied for command 'show version'\n",
        '{"error": {"code": -32602, "message": "Permission denied"}}\n',
        "not enough permissions (9)\n",
        "Error: You do not have permission to run the command or the command is incomplete.\n",
        "mount: only root can do that\n",
        "This command has to be run with superuser privileges (under the root user on most systems).\n",
        "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n",
        "Failed to restart nginx.service: Interactive authentication required.\n",
        "iptables v1.8.7: can't initialize iptables table `filter': Permission denied (you must be root)\n",
        "sudo: a terminal is required to read the password; either use the -S option\n",
        "Access is denied.\n",
        'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource\n',
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
        ("systemctl status sshd", "Nov 23 10:00:00 h sshd[1]: pam: Permission denied\n"),
        ("show alert counters", "Description: Access denied to one or more connecting devices on this port.\n"),
        ("netstat -tlp", "(... you would have to be root to see it all.)\n"),
        ("show users", "admin   privilege 15   permission read-write\n"),
        ("show authentication sessions", "Status:  Authorized\nRoot bridge: yes\n"),
        ("echo hello", "the error may be: Permission denied\n"),
    ],
)
def test_texts_about_refusals_are_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command)) == []
