import json

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.analysis import Engine, Execution
from tests.streams.analysis.judging import assert_verbatim

_ENGINE = Engine(deadline=5.0)
_COMMANDS = st.sampled_from(
    [
        "ping h", "df -hT", "free -m", "top -bn 1", "ip a", "ip neigh", "ifconfig", "dig x", "traceroute h", "ntpq -p",
        "timedatectl", "systemctl", "cat /proc/net/dev", "cat /proc/meminfo", "show interfaces", "show int status",
        "show ip bgp summary", "show bgp neighbors | json", "show ip ospf neighbor", "show environment",
        "show ip arp", "show interface brief | json", "vtysh -c 'show bgp vrfs'", "show run", "",
    ]
)  # fmt: skip
_OS_TYPES = st.sampled_from(
    ["linux", "ios", "nxos", "eos", "junos-qfx", "iosxr", "cumulus", "panos", "huawei_vrp", "x"]
)
_TELLING_LINES = """\
Eth1 is down, line protocol is down
eth0: flags=4099<UP>  mtu 1500
2: eth0: <UP> mtu 1 state DOWN
10.0.0.1 dev eth0 FAILED
4 packets transmitted, 0 received, 100% packet loss
--- 10.0.0.1 ping statistics ---
Filesystem Size Used Avail Use% Mounted on
/dev/a 9 8 1 90% /
BGP neighbor is 10.0.0.1, remote AS 1
  BGP state = Idle
Neighbor V AS MsgRcvd State/PfxRcd
10.0.0.1 4 65001 1 1 1 0 0 never Idle
 Neighbor 10.0.0.2, interface address 10.1.1.2
State is Init,
     5 input errors, 5 CRC
 1  * * *
% Invalid input
Mem: 100 90 1 0 1 2
              total        used        free
FAN 1 is FAULTY
cat: x: Permission denied
bash: x: command not found
router#
● x.service loaded failed failed
"""
_FRAGMENTS = st.sampled_from([*_TELLING_LINES.splitlines(), "\x1b[1m", "\r", "\x00", "\t", "{", "}", "[", "]"])
_LINES = st.lists(st.lists(_FRAGMENTS | st.text(max_size=20), max_size=3).map("".join), max_size=12)
_OUTPUTS = st.text(max_size=200) | _LINES.map("\n".join) | _LINES.map("\r\n".join)


@settings(max_examples=400, deadline=None)
@given(
    os_type=_OS_TYPES,
    command=_COMMANDS | st.text(max_size=40),
    output=_OUTPUTS,
    exit_code=st.sampled_from([None, 0, 1, 127]),
)
def test_any_text_has_an_analysis_whose_evidence_is_verbatim(
    os_type: str, command: str, output: str, exit_code: int | None
) -> None:
    execution = Execution("t", os_type, command, "OK", exit_code, output)
    analysis = _ENGINE.analyze(execution)
    for finding in analysis.findings:
        assert_verbatim(finding, output)
    assert analysis.verdict in {"ok", "info", "warning", "critical", "unknown"}
    assert "\n" not in analysis.summary
    assert len(analysis.fingerprint) == 16
    assert _ENGINE.analyze(execution) == analysis


_WORDS = st.sampled_from(["up", "down", "Idle", "Established", "FAILED", "10.0.0.1", "init"])
_TELLING_NAMES = """\
name interface state oper-status admin-status operstate flags speed inErrors errors rx
peers peerState neighborid capablepeers configuredpeers adjacencyState routerId dst mac output data
"""
_NAMES = st.sampled_from(_TELLING_NAMES.split())
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(data=_JSON, command=_COMMANDS, indent=st.sampled_from([None, 2]))
def test_any_json_has_an_analysis_whose_evidence_is_verbatim(data: object, command: str, indent: int | None) -> None:
    output = json.dumps(data, indent=indent)
    analysis = _ENGINE.analyze(Execution("t", "eos", command, "OK", 0, output))
    for finding in analysis.findings:
        assert_verbatim(finding, output)
