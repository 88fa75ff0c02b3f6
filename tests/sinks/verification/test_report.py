"""What a report says of its lines."""

import pytest
from rich.console import Console

from sinks.verification.presentation import show
from sinks.verification.report import Check, Line, Report, Status


def _report(*lines: Line) -> Report:
    return Report((Check("check", "is it so", lines),))


@pytest.mark.parametrize(
    ("counts", "status", "clean"),
    [
        ({}, Status.OK, True),
        ({Status.OK: 5, Status.LOST: 0}, Status.OK, True),
        ({Status.OK: 5, Status.DEAD: 1}, Status.OK, True),
        ({Status.OK: 5, Status.NOT_YET: 1, Status.DEAD: 1}, Status.NOT_YET, True),
        ({Status.STRAY: 1}, Status.STRAY, False),
        ({Status.NOT_YET: 9, Status.DUPLICATED: 1}, Status.DUPLICATED, False),
        ({Status.DUPLICATED: 9, Status.LOST: 1}, Status.LOST, False),
    ],
)
def test_the_gravest_status_counts(counts: dict[Status, int], status: Status, clean: bool) -> None:
    line = Line("subject", counts)
    assert (line.status, _report(line).clean) == (status, clean)


def test_people_see_faults_first_and_few_lines_of_what_is_well() -> None:
    sound = [Line(f"agent-{number}", {Status.OK: 1}) for number in range(50)]
    broken = Line("agent-[x]", {Status.OK: 1, Status.LOST: 2}, {Status.LOST: ("4-5",)}, "1 to 6")
    console = Console(width=200)
    with console.capture() as captured:
        show(_report(*sound, broken), console)
    text = captured.get()
    assert "LOST: 4-5" in text
    assert "agent-[x]" in text
    assert "agent-19" in text
    assert "agent-20" not in text
    assert "and 30 more that are OK" in text
    assert "2 LOST" in text
