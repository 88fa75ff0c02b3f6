import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        (
            "        RX packets 1000  bytes 5\n        RX errors 0  dropped 9  overruns 0  frame 0\n",
            None,
        ),
        (
            "        RX packets 1000  bytes 5\n        RX errors 1  dropped 0  overruns 0  frame 0\n",
            "info",
        ),
        (
            "        RX packets 1000  bytes 5\n        RX errors 0  dropped 0  overruns 2  frame 0\n",
            "warning",
        ),
        ("        TX packets 9000  bytes 5\n        TX errors 8  dropped 0 overruns 0\n", "info"),
    ],
)
def test_errors_and_overruns_of_net_tools(lines: str, severity: str | None) -> None:
    output = f"eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n{lines}"
    found = kinds(analyze(output, "ifconfig"))
    assert found == ([("interface.errors", severity, "eth0")] if severity else [])


@pytest.mark.parametrize(("total", "expected"), [(0, []), (1, [("interface.errors", "info", "GigabitEthernet0/0/0")])])
@pytest.mark.parametrize("direction", ["Input", "Output"])
def test_total_errors_of_vrp(direction: str, total: int, expected: list[tuple[str, str, str]]) -> None:
    output = (
        "GigabitEthernet0/0/0 current state : UP\nLine protocol current state : UP\n"
        f"{direction}:  2400 packets, 4936 bytes\n  Discard:           7,  Total Error:           {total}\n"
    )
    analysis = analyze(output, "display interface", "some_os")
    assert kinds(analysis) == expected
    if expected:
        assert analysis.findings[0].facts[f"{direction.lower()}_errors"] == "1"


@pytest.mark.parametrize(
    ("platform", "command", "containing", "expected"),
    [
        ("cisco_asa", "show interface", "3 input errors", [("interface.errors", "info", "Management0/0")]),
        (
            "checkpoint_gaia",
            "show interfaces all",
            "errors:1",
            [("interface.errors", "info", "Mgmt"), ("interface.errors", "info", "eth1-01")],
        ),
    ],
)
def test_a_template_without_error_columns_hides_no_errors(
    platform: str, command: str, containing: str, expected: list[tuple[str, str, str]]
) -> None:
    assert kinds(judge(recorded("ntc_templates", platform, command, containing))) == expected
