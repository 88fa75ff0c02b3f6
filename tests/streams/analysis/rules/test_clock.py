import pytest

from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.judging import analyze, judge, kinds

_ASSOCIATIONS = "  address         ref clock       st   when   poll reach  delay  offset   disp\n"
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
        ("ios", "show ntp status", "Clock is synchronized, stratum 3, reference is 10.0.0.1\n", False),
        ("ios", "show ntp status", "Clock is unsynchronized, stratum 16, no reference clock\n", True),
        ("ios", "show ntp associations", f"{_ASSOCIATIONS} ~10.0.0.1  .INIT.  16  -  64  0  0.0  0.0 1.\n", True),
        ("ios", "show ntp associations", f"{_ASSOCIATIONS}*~10.0.0.1  .GPS.  1  -  64  1  0.0  0.0 1.\n", False),
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
