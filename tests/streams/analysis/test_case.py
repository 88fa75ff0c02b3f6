import pytest

from streams.analysis.case import lists_text
from streams.analysis.command_line import read_command


@pytest.mark.parametrize(
    "command",
    [
        "show running-config", "sh run", "show configuration | display set", "show startup-config", "show logging",
        "show log", "show log messages", "show history", "display current-configuration", "display logbuffer",
        "show tech-support", "show cli history", "get config", "/export", "log print detail", "execute log display",
        "cat /etc/hosts", "sudo journalctl -u sshd", "dmesg | tail", "tail -f x", "docker logs web", "ping --help",
        "show ip ?", "echo hello", "echo '# hostname'; cat /etc/hostname; echo '# run'; sudo vtysh -c 'show run'",
    ],
)  # fmt: skip
def test_listings(command: str) -> None:
    assert lists_text(read_command(command))


@pytest.mark.parametrize(
    "command",
    [
        "show interfaces", "show client detail", "show clients summary", "show logical-interface", "show login",
        "show clock", "show controllers", "cat /proc/meminfo", "df -h", "ping h | cat", "",
        "echo '--- disks'; df -h; echo '--- memory'; free", "ip link | head",
    ],
)  # fmt: skip
def test_what_shows_states_is_no_listing(command: str) -> None:
    assert not lists_text(read_command(command))
