import pytest

from schemas.suggested_command import SuggestedCommand, suggested_command


@pytest.mark.parametrize(
    ("template", "risk", "value", "expected"),
    [
        ("ping {host}", "READ_ONLY", "10.0.0.9", "READ_ONLY"),
        ("ping {host}", "APPROVAL_REQUIRED", "10.0.0.9", "APPROVAL_REQUIRED"),
        ("ping {host}", "UNKNOWN", "10.0.0.9", "APPROVAL_REQUIRED"),
        ("ip link set {host} down", "READ_ONLY", "eth0", "APPROVAL_REQUIRED"),
        ("ping {host}", "REFUSED", "10.0.0.9", None),
        ("rm -rf {host}", "READ_ONLY", "x", None),
        ("ping {host}", "READ_ONLY", "10.0.0.9; reboot", None),
        ("ping {host}", "READ_ONLY", "-f", None),
        ("ping {other}", "READ_ONLY", "10.0.0.9", None),
    ],
)
def test_the_worse_judgement_counts_and_values_are_words(
    template: str, risk: str, value: str, expected: str | None
) -> None:
    shown = suggested_command(template, "for {host}", risk, values={"host": value}, os_type="linux")
    assert (shown.risk if shown else None) == expected
    if shown:
        assert shown == SuggestedCommand(template.replace("{host}", value), f"for {value}", shown.risk)
