import pytest

from tests.streams.analysis.corpora import as_execution, corpus, recorded
from tests.streams.analysis.judging import analyze, judge, kinds


def ping(loss: str, received: int = 3, average: str = "10.5") -> str:
    return (
        "PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n\n--- 10.0.0.1 ping statistics ---\n"
        f"4 packets transmitted, {received} received, {loss}% packet loss, time 3004ms\n"
        f"rtt min/avg/max/mdev = 0.1/{average}/300.0/0.2 ms\n"
    )


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("0", []),
        ("0.5", [("reachability.loss", "warning", "10.0.0.1")]),
        ("99.9", [("reachability.loss", "warning", "10.0.0.1")]),
        ("100", [("reachability.loss", "critical", "10.0.0.1")]),
        ("100.0", [("reachability.loss", "critical", "10.0.0.1")]),
    ],
)
def test_loss_on_both_sides_of_its_thresholds(loss: str, expected: list[tuple[str, str, str]]) -> None:
    assert kinds(analyze(ping(loss), "ping -c 4 10.0.0.1")) == expected


@pytest.mark.parametrize(("average", "fires"), [("200", False), ("200.0", False), ("200.01", True), ("1000", True)])
def test_latency_on_both_sides_of_its_threshold(average: str, fires: bool) -> None:
    findings = kinds(analyze(ping("0", 4, average), "ping -c 4 10.0.0.1"))
    assert findings == ([("reachability.latency", "warning", "10.0.0.1")] if fires else [])


def test_numbers_stand_in_the_facts_as_in_the_output() -> None:
    analysis = analyze(ping("75", 1), "ping -c 4 10.0.0.1")
    assert analysis.findings[0].facts == {"loss_percent": "75", "sent": "4", "received": "1"}
    assert analysis.findings[0].evidence == "4 packets transmitted, 1 received, 75% packet loss, time 3004ms"
    assert analysis.facts["loss_percent"] == "75"
    assert analysis.facts["rtt_avg_ms"] == "10.5"
    assert analysis.summary == "75% packet loss to 10.0.0.1"


def test_an_answering_host_is_ok_and_says_how_fast() -> None:
    analysis = analyze(ping("0", 4), "ping -c 4 10.0.0.1")
    assert (analysis.verdict, analysis.summary) == ("ok", "10.0.0.1 answers, 0% packet loss, 10.5 ms on average")


def test_total_loss_explains_the_exit_code() -> None:
    assert kinds(analyze(ping("100", 0), "ping -c 4 10.0.0.1", exit_code=1, status="FAILED")) == [
        ("reachability.loss", "critical", "10.0.0.1")
    ]


_IOS = """\
Type escape sequence to abort.
Sending 5, 100-byte ICMP Echos to 10.1.1.1, timeout is 2 seconds:
..!!!
Success rate is 60 percent (3/5), round-trip min/avg/max = 1/250/300 ms
"""
_WINDOWS = """\
Ping statistics for 10.1.1.1:
    Packets: Sent = 4, Received = 3, Lost = 1 (25% loss),
Approximate round trip times in milli-seconds:
    Minimum = 1ms, Maximum = 2ms, Average = 201ms
"""
_ROUTEROS = "    0 10.1.1.1       56  64 1ms\n    sent=4 received=3 packet-loss=25% min-rtt=1ms avg-rtt=201ms\n"
_COMWARE = """\
--- Ping statistics for 10.1.1.1 ---
5 packet(s) transmitted, 3 packet(s) received, 40.0% packet loss
round-trip min/avg/max/std-dev = 0.1/250.0/300.0/0.2 ms
"""


_SROS = """\
PING 10.1.1.1 56 data bytes
---- 10.1.1.1 PING Statistics ----
5 packets transmitted, 1 packets bounced, 3 packets received, 40.0% packet loss
round-trip min = 1.70ms, avg = 201.83ms, max = 301.93ms, stddev = 0.079ms
"""
_EXOS = """\
Ping(ICMP) 10.1.1.1: 4 packets, 8 data bytes, interval 1 second(s).
--- 10.1.1.1 ping statistics ---
4 packets transmitted, 3 packets received, 25% loss
round-trip min/avg/max = 1/201/300 ms
"""
_FASTIRON = """\
Sending 2, 16-byte ICMP Echo to 10.1.1.1, timeout 5000 msec, TTL 64
Success rate is 50 percent (1/2), round-trip min/avg/max=1/201/300 ms.
"""
_VRP = """\
  --- 10.1.1.1 ping statistics ---
    5 packet(s) transmitted
    3 packet(s) received
    40.00% packet loss
    round-trip min/avg/max = 1/201/300 ms
"""
_ROUTEROS_7 = "    sent=4 received=3 packet-loss=25% min-rtt=1ms avg-rtt=200ms1us max-rtt=1s20ms\n"
_JUNOS = """\
{"ping-results": [{"target-host": [{"data": "10.1.1.1"}], "probe-results-summary": [{
  "probes-sent": [{"data": "5"}], "responses-received": [{"data": "3"}], "packet-loss": [{"data": "40"}],
  "rtt-average": [{"data": "200100"}]}]}]}
"""
_JC = """\
{"destination_ip": "10.1.1.1", "packets_transmitted": 4, "packets_received": 3, "packet_loss_percent": 25.0,
 "round_trip_ms_avg": 201.5}
"""


@pytest.mark.parametrize(
    ("os_type", "output"),
    [
        ("ios", _IOS),
        ("windows", _WINDOWS),
        ("mikrotik_routeros", _ROUTEROS),
        ("hp_comware", _COMWARE),
        ("sros", _SROS),
        ("extreme_exos", _EXOS),
        ("ruckus_fastiron", _FASTIRON),
        ("huawei", _VRP),
        ("mikrotik_routeros", _ROUTEROS_7),
        ("junos", _JUNOS),
        ("linux", _JC),
    ],
)
def test_every_programs_statistics_are_read(os_type: str, output: str) -> None:
    assert sorted(kinds(analyze(output, "ping 10.1.1.1", os_type))) == [
        ("reachability.latency", "warning", "10.1.1.1"),
        ("reachability.loss", "warning", "10.1.1.1"),
    ]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("5 packets transmitted, 0 packets received, 3 duplicates\n", [("reachability.loss", "critical", "h")]),
        ("4 packets transmitted, 4 packets received, 3 duplicates\n", []),
        ("3 packets transmitted, 4 packets received, 1 duplicates\n", []),
        ("0 packets transmitted, 0 packets received, 0% packet loss\n", []),
        ("    sent=1 received=4 packet-loss=-300% min-rtt=1ms avg-rtt=1ms max-rtt=3ms\n", []),
        ("    sent=4 received=4 packet-loss=0% min-rtt=1ms avg-rtt=200ms max-rtt=1s20ms\n", []),
        ('{"destination": "h", "packet_loss_percent": "n/a"}', []),
        ('{"destination": "h", "packet_loss_percent": 0.0, "round_trip_ms_avg": 200.0}', []),
    ],
)
def test_counts_tell_where_no_loss_is_stated(output: str, expected: list[tuple[str, str, str]]) -> None:
    assert kinds(analyze(output, "ping h")) == expected


def test_each_host_has_its_own_average() -> None:
    lines = "a : xmt/rcv/%loss = 3/0/100%\nb : xmt/rcv/%loss = 3/3/0%, min/avg/max = 201/201/202\n"
    assert kinds(analyze(lines, "fping -c 3 a b")) == [
        ("reachability.loss", "critical", "a"),
        ("reachability.latency", "warning", "b"),
    ]


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("cat ping.log", ping("100")),
        ("show running-config", "ip sla 1\n icmp-echo 10.0.0.1\n description 100% packet loss\n"),
        ("df -h", ping("100")),
        ("ping --help", "  -c count: 4 packets transmitted, 0 received, 100% packet loss\n"),
    ],
)
def test_what_merely_looks_like_statistics_is_no_evidence(command: str, output: str) -> None:
    assert kinds(analyze(output, command)) == []


def test_recorded_pings_give_the_loss_that_jc_reads() -> None:
    for row in corpus("jc"):
        if row["parser"] != "ping" or not row["expected"] or "packet_loss_percent" not in row["expected"]:
            continue
        analysis = judge(as_execution(row))
        assert float(analysis.facts["loss_percent"]) == row["expected"]["packet_loss_percent"]
        loss = float(analysis.facts["loss_percent"])
        assert ("reachability.loss" in {finding.kind for finding in analysis.findings}) == (loss > 0)


def test_a_recorded_ping_of_ios_without_an_answer() -> None:
    analysis = judge(recorded("ntc_templates", "cisco_xr", "ping", "0 percent (0/5)"))
    assert kinds(analysis) == [("reachability.loss", "critical", "10.27.18.2")]


def test_statistics_that_are_stated_twice_are_one_finding() -> None:
    statistics = "5 packets transmitted, 0 packets received, 100.00% packet loss\n"
    output = f"{statistics}\nPING 8.8.8.8 (8.8.8.8): 100 data bytes\n\n--- 8.8.8.8 ping statistics ---\n{statistics}"
    analysis = analyze(output, "ping 8.8.8.8 timeout 2 packet-size 100 count 5", "nxos")
    assert kinds(analysis) == [("reachability.loss", "critical", "8.8.8.8")]


def test_of_several_attempts_the_worst_counts() -> None:
    attempts = "".join(
        f"--- 10.0.0.1 ping statistics ---\n4 packets transmitted, {received} received, {loss}% packet loss\n\n"
        for received, loss in ((3, 25), (0, 100), (2, 50))
    )
    assert kinds(analyze(attempts, "ping 10.0.0.1")) == [("reachability.loss", "critical", "10.0.0.1")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("No reply from remote host.", [("reachability.loss", "critical", "10.255.255.250")]),
        ("Success rate is 100 percent (1/1), round-trip min/avg/max=41/45/49 ms.", []),
    ],
)
def test_fastiron_counts_nothing_where_nobody_replies(answer: str, expected: list[tuple[str, str, str]]) -> None:
    output = f"Sending 1, 16-byte ICMP Echo to 10.255.255.250, timeout 100 msec, TTL 64\n{answer}\n"
    assert kinds(analyze(output, "ping 10.255.255.250 count 2 timeout 45", "icx")) == expected
