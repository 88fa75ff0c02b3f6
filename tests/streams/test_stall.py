"""When a worker counts as stuck."""

from streams.driver.batch import Partition
from streams.lag import ANSWER_SECONDS, Standing
from streams.stall import Patience, StallWatch

ONE, OTHER = Partition("commands.executed", 0), Partition("commands.executed", 1)


class Clock:
    """Tells a time that tests set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def standing(partition: Partition = ONE, committed: int | None = 5, behind: int = 0, pending: int = 0) -> Standing:
    return Standing(partition, committed, behind, pending)


def watched(seconds: int, *standings: Standing | None) -> StallWatch:
    """A watch that saw the same, second after second."""
    clock = Clock()
    watch = StallWatch(Patience(worker_seconds=10, partition_seconds=30), clock=clock)
    for second in range(seconds):
        clock.now = float(second)
        moving = [each for each in standings if each is not None]
        watch.note(moving if len(moving) == len(standings) else None)
    return watch


def test_nothing_to_do_is_progress() -> None:
    assert watched(100, standing()).probe().healthy
    assert watched(100).probe().healthy


def test_work_that_waits_must_move() -> None:
    assert watched(10, standing(behind=3)).probe().healthy
    assert not watched(13, standing(behind=3)).probe().healthy
    assert not watched(13, standing(pending=1)).probe().healthy
    assert not watched(13, standing(committed=None, behind=1)).probe().healthy


def test_what_cannot_be_learnt_is_no_progress() -> None:
    assert not watched(13, None).probe().healthy


def test_a_commit_is_progress() -> None:
    clock = Clock()
    watch = StallWatch(Patience(worker_seconds=10, partition_seconds=30), clock=clock)
    for second in range(100):
        clock.now = float(second)
        watch.note([standing(committed=second, behind=3)])
        assert watch.probe().healthy


def test_one_partition_may_wait_longer_than_all_but_not_for_ever() -> None:
    clock = Clock()
    watch = StallWatch(Patience(worker_seconds=10, partition_seconds=30), clock=clock)
    healthy = []
    for second in range(40):
        clock.now = float(second)
        watch.note([standing(ONE, committed=second, behind=3), standing(OTHER, committed=7, behind=3)])
        healthy.append(watch.probe().healthy)
    assert healthy.index(False) == 31
    assert "partition 1" in watch.probe().detail


def test_looks_that_take_as_long_as_an_answer_may_are_no_absence() -> None:
    clock = Clock()
    watch = StallWatch(Patience(worker_seconds=10, partition_seconds=30), clock=clock)
    for look in range(4):
        clock.now = look * (ANSWER_SECONDS + 0.5)
        watch.note(None)
    assert not watch.probe().healthy


def test_time_in_which_the_process_was_frozen_does_not_count() -> None:
    clock = Clock()
    watch = StallWatch(Patience(worker_seconds=10, partition_seconds=30), clock=clock)
    watch.note([standing(behind=3)])
    clock.now = 500.0
    watch.note([standing(behind=3)])
    assert watch.probe().healthy
