import pytest

from schemas.placeholders import Statement
from streams.explanation.grounding import Ground
from tests.streams.explanation.samples import loss_request

SHARED = Ground.of(loss_request())
EXACT = Ground.of(loss_request(shared=False))


@pytest.mark.parametrize(
    "text",
    [
        "{subject} loses {loss_percent}% of its packets.",
        "Packets to {subject} are lost on the way. Intermittent congestion is likely.",
        "The host answers ping (ICMP) only in part: IPv4 works, TCP was not tried.",
        "A ping to {subject}'s address lost {loss_percent} % of {packets_sent} packets.",
        "It is a warning, not a failure; input/output errors may follow.",
        "Run `ping -c 4 {subject}` again, or 'traceroute {subject}'.",
        'The finding is "reachability.loss".',
        "I would look at the switch, e.g. at its counters.",
    ],
)
def test_placeholders_plain_words_and_the_fields_own_names_are_grounded(text: str) -> None:
    assert SHARED.complaints(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("75% of packets are lost.", "75"),
        ("Three of four packets are lost.", "Three"),
        ("Half of the packets are lost.", "Half"),
        ("{subject} is behind 10.0.0.1.", "10.0.0.1"),
        ("The interface eth0 drops packets.", "eth0"),
        ("The host db1.example.net is slow.", "db1.example.net"),
        ("The host core.example.net is slow.", "core.example.net"),
        ("A router in Frankfurt drops packets.", "Frankfurt"),
        ("The XQZ process drops packets.", "XQZ"),
        ("See /var/log/syslog for more.", "/var/log/syslog"),
        ("The service is 'nginx'.", "nginx"),
        ("The `systemd-networkd` service is down.", "systemd-networkd"),
        ("Write to root@evil.", "root@evil"),
        ("{loss_percent}0% of packets are lost.", "0"),
        ("{customer} loses packets.", "{customer} is no placeholder"),
        ("{subject loses packets.", "braces"),
        ("The value is \u00b2 or \u0663.", "\u00b2"),
        ("fe80::a is silent.", "fe80::a"),
        ("db_primary is silent.", "db_primary"),
    ],
)
def test_numbers_and_names_from_nowhere_are_found(text: str, named: str) -> None:
    assert any(named in complaint for complaint in SHARED.complaints(text))


@pytest.mark.parametrize(
    "text",
    [
        "75% of 4 packets to db1.example.net (192.0.2.7) are lost, though the first took 1.94 ms.",
        'It says "75% packet loss".',
        "icmp_seq=1 came back.",
    ],
)
def test_what_this_very_output_holds_may_be_said_of_an_exact_fingerprint(text: str) -> None:
    assert EXACT.complaints(text) == []
    assert SHARED.complaints(text) != []


@pytest.mark.parametrize(
    "text", ["7% are lost.", "5 packets were sent.", "192.0.2.70 is silent.", "192.0.2 is silent.", '"5% packet loss"']
)
def test_a_part_of_what_an_output_holds_grounds_nothing(text: str) -> None:
    assert EXACT.complaints(text) != []


def test_facts_that_are_words_are_the_same_for_all_sharers() -> None:
    finding = Statement("bgp.session_down", "critical", "192.0.2.9", 1, {"state": "OpenSent", "as": "65001"})
    ground = Ground.of(loss_request(findings=(finding,), facts={}))
    assert ground.complaints("The BGP session is in OpenSent.") == []
    assert ground.complaints("The BGP session with AS 65001 is in OpenConfirm.") == [
        "'65001' stands nowhere",
        "'OpenConfirm' stands nowhere",
    ]


@pytest.mark.parametrize("command", ["traceroute {subject}", "ping -c 5 {subject}", "journalctl -n 50 --no-pager"])
def test_a_command_is_made_of_words_placeholders_and_small_numbers(command: str) -> None:
    assert SHARED.complaints_on_command(command) == []


@pytest.mark.parametrize(
    "command",
    ["ping 10.0.0.1", "ethtool eth0", "cat /etc/shadow", "ping {customer}", "ssh root@host", "ping 167772161"],
)
def test_a_command_names_no_thing_from_nowhere(command: str) -> None:
    assert SHARED.complaints_on_command(command) != []


def test_names_and_context_among_the_facts_are_no_common_words() -> None:
    request = loss_request(facts={"fullest": "/srv", "dns_status": "NXDOMAIN", "packets_sent": "4"})
    ground = Ground.of(request)
    assert ground.complaints("The answer is NXDOMAIN.") == []
    assert ground.complaints("The fullest is /srv.") == ["'/srv' stands nowhere"]
    assert ground.complaints("The fullest is {fullest}.") == []
