import pytest

from tests.streams.analysis.corpora import recorded
from tests.streams.analysis.judging import analyze, judge, kinds

LEGEND = "Flags:  D - down        P - bundled in port-channel\n        I - stand-alone s - suspended\n"


@pytest.mark.parametrize(
    ("row", "down"),
    [
        ("1      Po1(SU)         LACP      Te6/4(P)       Te3/5(P)", []),
        ("1      Po1(RU)         LACP      Te0/0/2(bndl)  Te0/0/3(bndl)", []),
        ("1      Po1(SD)         LACP      Te6/4(D)       Te3/5(I)", ["Po1", "Te6/4"]),
        ("1      Po1(SU)         LACP      Te6/4(P)       Te3/5(s)", ["Te3/5"]),
        ("1      Po1(SU)         LACP      Te6/4(P)       Te3/5(susp)", ["Te3/5"]),
    ],
)
@pytest.mark.parametrize("command", ["show etherchannel summary", "show port-channel summary"])
def test_flags_of_bundles_and_members(command: str, row: str, down: list[str]) -> None:
    found = kinds(analyze(f"{LEGEND}\n{row}\n", command, "some_os"))
    assert found == [("interface.down", "warning", name) for name in down]


def test_flags_without_a_legend_say_nothing() -> None:
    assert kinds(analyze("Po1(SD)  LACP  Te6/4(D)\n", "show etherchannel summary", "some_os")) == []


def test_the_legend_itself_is_no_evidence() -> None:
    assert kinds(analyze(LEGEND, "show etherchannel summary", "some_os")) == []


def test_a_recorded_summary_of_bundles_in_use_is_ok() -> None:
    assert judge(recorded("ntc_templates", "cisco_ios", "show etherchannel summary", "Po51(SU)")).verdict == "ok"


@pytest.mark.parametrize(("state", "down"), [("Up", []), ("Dw", ["PortChannel0001"])])
def test_teams_of_sonic(state: str, down: list[str]) -> None:
    output = (
        "Flags: A - active, I - inactive, Up - up, Dw - Down, N/A - not available, S - selected, D - deselected\n"
        "  No.  Team Dev         Protocol     Ports\n-----  ---------------  -----------  --------------\n"
        f" 0001  PortChannel0001  LACP(A)({state})  Ethernet112(S) Ethernet116(D)\n"
    )
    found = kinds(analyze(output, "show interfaces portchannel", "sonic"))
    assert found == [("interface.down", "warning", name) for name in down]


@pytest.mark.parametrize(
    ("channel", "member", "down"),
    [("U", "P", []), ("D", "D", ["Po22", "Eth1/7"]), ("U", "S", ["Eth1/7"])],
)
def test_flags_that_are_the_keys_of_a_json_answer(channel: str, member: str, down: list[str]) -> None:
    output = (
        '{\n "Flags": {"S": "Suspend in port-channel (members)", "U": "Up", "D": "Down"},\n'
        f' "1 Po22({channel})": [\n  {{"Type": "STATIC", "Member Ports": "Eth1/7({member})"}}\n ]\n}}\n'
    )
    found = kinds(analyze(output, "show interfaces port-channel summary", "onyx"))
    assert found == [("interface.down", "warning", name) for name in down]
