import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds

_ASSOCIATIONS = "  address         ref clock       st   when   poll reach  delay  offset   disp\n"
_LEGEND = " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n"
_OLD = " * master (synced), # master (unsynced), + selected, - candidate, ~ configured\n"
_NXOS = """Total peers : 1
* - selected for sync, + -  peer mode(active),
- - peer mode(passive), = - polled in client mode
    remote               local              st  poll  reach   delay   vrf
-------------------------------------------------------------------------
"""
_WRAPPED = "    remote                      local                    \n   st   poll   reach delay   vrf\n--------\n"
_NXOS_JSON = '{"TABLE_peersstatus": {"ROW_peersstatus": [{"syncmode": "?", "remote": "10.0.0.1", "st": "1"}]}}'
_CHRONY = "MS Name/IP address         Stratum Poll Reach LastRx Last sample\n" + "=" * 79 + "\n"
_NTPQ = "     remote           refid      st t when poll reach   delay   offset  jitter\n" + "=" * 78 + "\n"


@pytest.mark.parametrize(
    ("os_type", "command", "output", "fires"),
    [
        ("linux", "timedatectl", "System clock synchronized: yes\n", False),
        ("linux", "timedatectl", "System clock synchronized: no\n", True),
        ("linux", "timedatectl", "       NTP synchronized: no\n", True),
        ("linux", "timedatectl", "         NTP service: inactive\nSystem clock synchronized: yes\n", False),
        ("linux", "chronyc tracking", "Leap status     : Normal\n", False),
        ("linux", "chronyc tracking", "Leap status     : Not synchronised\n", True),
        ("linux", "ntpstat", "unsynchronised\n  polling server every 8 s\n", True),
        ("linux", "ntpstat", "synchronised to NTP server (10.0.0.1) at stratum 3\n", False),
        (
            "linux",
            "ntpq -p",
            f"{_NTPQ}*10.0.0.1  .GPS.  1 u 1 64 1 0.1 0.2 0.3\n+10.0.0.2 .GPS. 1 u 1 64 1 0 0 0\n",
            False,
        ),
        (
            "linux",
            "ntpq -p",
            f"{_NTPQ} 10.0.0.1  .GPS.  1 u 1 64 1 0.1 0.2 0.3\n+10.0.0.2 .GPS. 1 u 1 64 1 0 0 0\n",
            True,
        ),
        ("linux", "ntpq -pw", f"{_NTPQ}*a-server-with-a-long-name.example\n   .GPS.  1 u 1 64 1 0.1 0.2 0.3\n", False),
        ("linux", "ntpq -pw", f"{_NTPQ} a-server-with-a-long-name.example\n   .GPS.  1 u 1 64 1 0.1 0.2 0.3\n", True),
        ("linux", "ntptime", "ntp_adjtime() returns code 0 (OK)\n  status 0x2011 (PLL,INS,NANO),\n", False),
        ("linux", "ntptime", "ntp_adjtime() returns code 5 (ERROR)\n  status 0x50 (INS,UNSYNC),\n", True),
        ("linux", "ntptime", "ntp_adjtime() returns code 5 (ERROR)\n  status 0x41 (PLL,UNSYNC,NANO),\n", True),
        ("linux", "ntpq -c 'rv 0'", "assID=0 status=06f4 leap_none, sync_ntp, 15 events,\nleap=00\n", False),
        ("linux", "ntpq -c 'rv 0'", "assID=0 status=c012 leap_alarm, sync_unspec, 1 event,\nleap=11\n", True),
        ("sros", "show system ntp", "Admin Status       : up\nClock Source       : 192.0.2.1\n", False),
        ("sros", "show system ntp", "Admin Status       : up\nClock Source       : none\n", True),
        ("ios", "show ntp status", "Clock is synchronized, stratum 3, reference is 10.0.0.1\n", False),
        ("ios", "show ntp status", "Clock is unsynchronized, stratum 16, no reference clock\n", True),
        ("ios", "show ntp associations", f"{_ASSOCIATIONS} ~10.0.0.1  .INIT.  16  -  64  0  0.0  0.0 1.\n", True),
        ("ios", "show ntp associations", f"{_ASSOCIATIONS}*~10.0.0.1  .GPS.  1  -  64  1  0.0  0.0 1.\n", False),
        (
            "ios",
            "show ntp associations",
            f"{_ASSOCIATIONS} ~10.0.0.1  .INIT.  16  -  64  0  0.0  0.0 1.\n{_LEGEND}",
            True,
        ),
        ("ios", "show ntp associations", f"{_ASSOCIATIONS} ~10.0.0.1  .INIT.  16  -  64  0  0.0  0.0 1.\n{_OLD}", True),
        ("ios", "show clock", "*18:57:38.347 UTC Mon Oct 19 2015\n", True),
        ("ios", "show clock", ".18:57:38.347 UTC Mon Oct 19 2015\n", True),
        ("ios", "show clock", "18:57:38.347 UTC Mon Oct 19 2015\n", False),
        ("nxos", "show ntp peer-status", f"{_NXOS}*10.0.0.1   0.0.0.0   1  16  377  0.0019  default\n", False),
        ("nxos", "show ntp peer-status", f"{_NXOS}=10.0.0.1   0.0.0.0  16  16    0  0.0000  default\n", True),
        (
            "nxos",
            "show ntp peer-status",
            f"{_WRAPPED}*1.1.1.1      2.2.2.2\n   1   64     377   0.02710 management\n",
            False,
        ),
        (
            "nxos",
            "show ntp peer-status",
            f"{_WRAPPED}=1.1.1.1      2.2.2.2\n   1   64     377   0.02710 management\n",
            True,
        ),
        (
            "ios",
            "show ntp associations",
            f"{' ' * 8}{_ASSOCIATIONS}{' ' * 8}*~10.0.0.1  .GPS.  1  -  64  1  0.0  0.0\n",
            False,
        ),
        ("nxos", "show ntp peer-status | json", _NXOS_JSON.replace("?", "*"), False),
        ("nxos", "show ntp peer-status | json", _NXOS_JSON.replace("?", "="), True),
        ("eos", "show ntp status | json", '{"status": "unsynchronised"}', True),
        ("eos", "show ntp status | json", '{"status": "synchronised to NTP server (1.2.3.4) at stratum 3"}', False),
        ("eos", "show ntp status | json", '{"status": "disabled"}', False),
        ("eos", "show ntp associations | json", '{"peers": {"n1": {"condition": "sys.peer", "delay": 1.0}}}', False),
        ("eos", "show ntp associations | json", '{"peers": {"n1": {"condition": "reject", "delay": 1.0}}}', True),
        ("linux", "timedatectl | jc --timedatectl", '{"system_clock_synchronized": false}', True),
        ("linux", "timedatectl show", "NTP=yes\nNTPSynchronized=no\n", True),
        ("junos", "show ntp status", "status=c011 sync_alarm, sync_unspec, 1 event, restart,\n", True),
        ("junos", "show ntp status", "associd=0 status=c016 leap_alarm, sync_unspec, 1 event\n", True),
        ("junos", "show ntp status", "status=0664 leap_none, sync_ntp, 6 events, event_peer/strat_chg,\n", False),
        ("windows", "w32tm /query /status", "Leap Indicator: 3(not synchronized)\nStratum: 0 (unspecified)\n", True),
        ("windows", "w32tm /query /status", "Leap Indicator: 0(no warning)\nStratum: 4\n", False),
        ("panos", "show ntp", "NTP state:\n    NTP not synched, using local clock\n", True),
        ("panos", "show ntp", "NTP state:\n    NTP synched to LOCAL\n", True),
        ("panos", "show ntp", "NTP state:\n    NTP synched to 10.1.1.1\n", False),
        ("huawei", "display ntp status", " clock status: unsynchronized \n clock stratum: 16\n", True),
        ("fortinet", "execute time", "current time is: 21:05:34\nlast ntp sync: never\n", True),
        ("fortinet", "execute time", "current time is: 21:05:34\nlast ntp sync: Mon Aug  7 20:51:04 2023\n", False),
        ("fortinet", "diagnose sys ntp status", "synchronized: no, ntpsync: enabled, server-mode: disabled\n", True),
        (
            "linux",
            "chronyc sources",
            f"{_CHRONY}^? 10.0.0.1      0   8     0     -     +0ns[   +0ns] +/-    0ns\n",
            True,
        ),
        (
            "linux",
            "chronyc sources",
            f"{_CHRONY}^* 10.0.0.1      2   8   377    5     +9us[  +12us] +/-   10ms\n",
            False,
        ),
        ("eos", "show clock", "Mon Jun  7 00:19:42 2021\nTimezone: UTC\nClock source: local\n", False),
        ("ios", "show running-config | include ntp", "Clock is unsynchronized\n", False),
    ],
)
def test_whether_the_clock_follows_a_source(os_type: str, command: str, output: str, fires: bool) -> None:
    findings = kinds(analyze(output, command, os_type))
    assert findings == ([("clock.unsynchronised", "warning", "system clock")] if fires else [])


def test_recorded_clocks() -> None:
    for row in corpus("suzieq"):
        if row["command"] == "timedatectl":
            expected = "warning" if "synchronized: no" in row["output"] else "ok"
            assert judge(as_execution(row)).verdict == expected


@pytest.mark.parametrize(("word", "fires"), [("synchronized", False), ("unsynchronized", True)])
def test_a_sentence_inside_a_json_answer(word: str, fires: bool) -> None:
    output = f'[\n {{"NTP is administratively": "enabled"}},\n {{"Lines": [\n  "Clock is {word}."\n ]}}\n]'
    analysis = analyze(output, "show ntp", "onyx")
    assert kinds(analysis) == ([("clock.unsynchronised", "warning", "system clock")] if fires else [])
