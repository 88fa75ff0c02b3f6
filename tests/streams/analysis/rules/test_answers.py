import pytest

from tests.streams.analysis.judging import analyze


@pytest.mark.parametrize(
    "output",
    [
        "% OSPF instance not found\n",
        "OSPF instance is not running\n",
        "VRF default:\n% OSPF instance not found\n\nVRF red:\n% OSPF instance not found\n",
        "% Interface does not exist\n",
        "% IPv6 routing table * does not exist\n",
        "% BGP instance not found\n",
        "BGP is disabled\n",
        "%IPv4 CEF not running\n",
        "No CTS credentials exist.\n",
        "No Port Security is configured in the system.\n",
        "Info: No valid trunk in the system.\n",
        "% No matching routes found\n",
        "Mon Jan 29 19:00:32.892 UTC\n% Network not in table\n",
        "0 logs found.\n0 logs returned.\n",
        "Port-Channel       Protocol    Ports\n------------------ -------------- -----\n",
        "\nNeighbor ID     Pri State           Up Time         Dead Time Address         Interface\n\n",
        "Number of channels in use: 0\n\n   Group  Ports\n  ------- -----\n",
    ],
)
def test_nothing_there_is_a_complete_answer(output: str) -> None:
    assert analyze(output, "show something", "acme_os", exit_code=None).verdict == "ok"


@pytest.mark.parametrize(
    "output",
    [
        "",
        "data\n",
        "ls: x: No such file or directory\n",
        "No route to host\n",
        "no response from server\n",
        "server not found\n",
        "The license is not active\n",
        "-----\n",
        "It was  a dark  and stormy  night\n",
        "Interface  Ethernet1  Up\n",
        "1 2 3\n-----\n",
        "Port  State\n----- -----\n1     up\n",
        "% OSPF instance not found\nand something else happened\n",
    ],
)
def test_other_words_prove_nothing(output: str) -> None:
    assert analyze(output, "show something", "acme_os", exit_code=None).verdict == "unknown"
