from schemas.placeholders import Statement, fill, fill_command, numbered, placeholder_values, placeholders_of

DOWN = Statement("interface.down", "warning", "Gi0/1", 7, {"protocol": "down"})
LOSS = Statement("reachability.loss", "critical", "10.0.0.1", 3, {"loss_percent": "100"})
SECOND = Statement("reachability.loss", "critical", "10.0.0.2", 9, {"loss_percent": "100"})


def test_the_worst_finding_comes_first_whatever_order_they_came_in() -> None:
    assert numbered([SECOND, DOWN, LOSS]) == [LOSS, SECOND, DOWN]


def test_each_finding_has_names_of_its_own_and_facts_take_what_is_free() -> None:
    values = placeholder_values([SECOND, DOWN, LOSS], {"loss_percent": "66", "rtt_avg_ms": "3", "No name": "x"})
    assert values == {
        "subject": "10.0.0.1",
        "loss_percent": "100",
        "subject_2": "10.0.0.2",
        "loss_percent_2": "100",
        "subject_3": "Gi0/1",
        "protocol_3": "down",
        "rtt_avg_ms": "3",
    }


def test_a_placeholder_without_a_value_stays() -> None:
    assert fill("{subject} and {other}", {"subject": "eth0"}) == "eth0 and {other}"
    assert placeholders_of(["{subject} and {other}", "{subject}", "{Not one}"]) == {"subject", "other"}


def test_a_command_takes_plain_words_only() -> None:
    assert fill_command("ping -c 3 {subject}", {"subject": "10.0.0.1"}) == "ping -c 3 10.0.0.1"
    assert fill_command("df -h {mount}", {"mount": "/; reboot"}) is None
    assert fill_command("ping {subject}", {"subject": "-f"}) is None
    assert fill_command("ping {subject}", {}) is None
