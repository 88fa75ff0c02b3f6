import pytest

from streams.analysis.wrappers import program_name, unwrap


@pytest.mark.parametrize(
    ("line", "run"),
    [
        ("sudo -u nobody -n ping h", "ping h"),
        ("sudo -nu nobody ping h", "ping h"),
        ("sudo --user=nobody ping h", "ping h"),
        ("env -i A=b ping h", "ping h"),
        ("timeout -s KILL 5 ping h", "ping h"),
        ("ip netns exec blue ip addr", "ip addr"),
        ("docker exec -it -u 0 box df", "df"),
        ("kubectl exec pod -c box -- df", "df"),
        ("nice -n 5 ionice -c 2 -n 7 df", "df"),
        ("busybox df", "df"),
        ("ip addr", "ip addr"),
        ("sudo", "sudo"),
        ("sudo -l", "sudo -l"),
        ("timeout 5", "timeout 5"),
        ("docker exec box", "docker exec box"),
        ("", ""),
    ],
)
def test_the_program_that_is_run(line: str, run: str) -> None:
    assert unwrap(line.split()) == run.split()


def test_wrappers_in_wrappers_end() -> None:
    assert unwrap(["sudo"] * 100 + ["df"])[-1] == "df"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("/sbin/ip", "ip"),
        ("./run", "run"),
        ("C:\\Windows\\ping.exe", "ping"),
        ("show", "show"),
        ("10.0.0.0/8", "10.0.0.0/8"),
    ],
)
def test_a_programs_name_has_no_path(word: str, name: str) -> None:
    assert program_name(word) == name
