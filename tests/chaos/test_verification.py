from typing import Any

from tests.chaos.verification import judge


def report(lost: int = 0, **faults: int) -> dict[str, Any]:
    """Return what `netcopilot verify --json` prints when one agent misses so many numbers."""
    line = {"subject": "default / agent-1", "counts": {"OK": 9, **({"LOST": lost} if lost else {})}}
    return {"faults": {"STRAY": 0, "DUPLICATED": 0, "LOST": lost, **faults}, "checks": [check("sequences", line)]}


def check(name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "lines": [line]}


def test_numbers_that_nobody_acknowledged_are_no_fault() -> None:
    verdict = judge(report(lost=3), {"agent-1": 3})
    assert verdict.is_clean
    assert verdict.unacknowledged == 3


def test_a_number_too_many_remains() -> None:
    verdict = judge(report(lost=3), {"agent-1": 2, "agent-2": 5})
    assert not verdict.is_clean
    assert (verdict.faults, verdict.unacknowledged) == ({"LOST": 1}, 2)


def test_other_faults_are_never_explained() -> None:
    assert judge(report(STRAY=1), {"agent-1": 9}).faults == {"STRAY": 1}
    assert judge(report(DUPLICATED=1), {"agent-1": 9}).faults == {"DUPLICATED": 1}
    assert judge(report(LOST=2), {"agent-1": 9}).faults == {"LOST": 2}
