"""Counters of network cards."""

import pytest

from tests.streams.analysis.judging import analyze, kinds

STATISTICS = (
    "NIC statistics:\n     rx_packets: 100000\n     tx_packets: 500\n     rx_errors: {received}\n"
    "     tx_errors: {sent}\n     rx_missed_errors: 9\n     rx_queue_0_drops: 7\n     rx_crc_errors: {crc}\n"
)


@pytest.mark.parametrize(
    ("received", "sent", "crc", "severity"),
    [(0, 0, 0, None), (1, 0, 0, "info"), (0, 0, 100, "info"), (101, 0, 0, "warning"), (0, 1, 0, "warning")],
)
@pytest.mark.parametrize("command", ["ethtool -S eth0", "sudo /sbin/ethtool --statistics eth0"])
def test_errors_are_told_from_drops(command: str, received: int, sent: int, crc: int, severity: str | None) -> None:
    analysis = analyze(STATISTICS.format(received=received, sent=sent, crc=crc), command)
    assert kinds(analysis) == ([("interface.errors", severity, "eth0")] if severity else [])
    assert analysis.verdict == (severity or "ok")


def test_counters_of_queues_alone_prove_nothing() -> None:
    output = "NIC statistics:\n     rxq0: rx_pkts: 5000000\n     rxq0: rx_drops_no_frags: 5000\n"
    assert analyze(output, "ethtool -S eth0").verdict == "unknown"


def test_a_filtered_answer_names_the_card() -> None:
    found = kinds(analyze("     rx_errors: 3\n", "ethtool -S eth0 | grep errors"))
    assert found == [("interface.errors", "info", "eth0")]
