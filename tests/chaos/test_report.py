import io
import json

from rich.console import Console

from schemas.event import new_event_id
from tests.chaos.fault import Action, Fault, Kind, Part
from tests.chaos.ledger import Account
from tests.chaos.report import Report
from tests.chaos.run import Course, Injury
from tests.chaos.verification import Verdict

KILL, PAUSE = Kind(Action.KILL, Part.WORKER), Kind(Action.PAUSE, Part.SINK)
LOST = new_event_id()
INJURIES = [Injury(Fault(KILL, 1, 1.0), 3.0), Injury(Fault(KILL, 2, 2.0), 5.0), Injury(Fault(PAUSE, 1, 7.0), 9.5)]


def account(*, lost: bool = False) -> Account:
    return Account(
        taken=10,
        visible=9 if lost else 10,
        dead=0,
        lost={LOST: "commands.analyzed"} if lost else {},
        seen_twice=(),
        unacknowledged=0,
        repeated={"rows": 2},
    )


def report(course: Course) -> Report:
    return Report(seed=7, minutes=5.0, rate=100.0, taken=10, crashes={"worker-1 ended with 70": 1}, course=course)


def shown(report: Report) -> str:
    console = Console(file=io.StringIO(), width=200)
    report.show(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_recoveries_are_summed_up_by_kind() -> None:
    record = report(Course(INJURIES, account=account(), verdict=Verdict({}, 0))).record()
    assert record["kinds"] == {
        "kill worker": {"faults": 2, "lasted": 1.5, "median": 4.0, "worst": 5.0},
        "pause sink": {"faults": 1, "lasted": 7.0, "median": 9.5, "worst": 9.5},
    }
    assert record["all"] == {"faults": 3, "lasted": 2.0, "median": 5.0, "worst": 9.5}
    assert (record["faults"], record["lost"], record["sound"]) == (3, 0, True)
    assert json.loads(json.dumps(record)) == record


def test_a_lost_event_is_named_and_makes_the_run_unsound() -> None:
    course = Course(INJURIES, account=account(lost=True), verdict=Verdict({}, 0))
    assert not course.is_sound
    assert report(course).record()["lost"] == 1
    assert f"lost: {LOST}, seen last in commands.analyzed" in shown(report(course))


def test_what_was_not_recovered_from_makes_the_run_unsound() -> None:
    course = Course(INJURIES, broken_by=Fault(KILL, 1, 1.0), account=account(), verdict=Verdict({}, 0))
    assert not course.is_sound
    assert "not recovered from: kill worker 1" in shown(report(course))


def test_an_interrupted_run_says_what_it_knows() -> None:
    course = Course(INJURIES[:1])
    assert not course.is_sound
    text = shown(report(course))
    assert "kill worker" in text
    assert "not counted" in text
    assert report(course).record()["visible"] is None


def test_what_ended_by_itself_and_what_verify_says_are_shown() -> None:
    course = Course(INJURIES, account=account(), verdict=Verdict({"STRAY": 2}, 3))
    assert not course.is_sound
    text = shown(report(course))
    assert "worker-1 ended with 70: 1" in text
    assert "2 STRAY" in text
    assert "3 never acknowledged, never arrived" in text
