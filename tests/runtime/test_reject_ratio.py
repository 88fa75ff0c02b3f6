import pytest

from runtime.errors import ConfigurationError
from runtime.reject_ratio import RejectRatio
from runtime.settings import RejectSettings

SETTINGS = RejectSettings(reject_ratio=0.5, reject_ratio_messages=100, reject_ratio_seconds=60)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_more_rejections_than_the_share_stop_with_reason_and_cure(clock: Clock) -> None:
    ratio = RejectRatio(SETTINGS, clock=clock)
    ratio.note(messages=100, rejected=50, reason="null value")
    with pytest.raises(ConfigurationError, match=r"51 of the last 101 .*magic byte is 9.*NETCOPILOT_REJECT_RATIO"):
        ratio.note(messages=1, rejected=1, reason="magic byte is 9")


def test_few_messages_prove_nothing(clock: Clock) -> None:
    ratio = RejectRatio(SETTINGS, clock=clock)
    ratio.note(messages=99, rejected=99, reason="null value")
    with pytest.raises(ConfigurationError):
        ratio.note(messages=1, rejected=1, reason="null value")


def test_what_is_long_ago_does_not_count(clock: Clock) -> None:
    ratio = RejectRatio(SETTINGS, clock=clock)
    ratio.note(messages=90, rejected=90, reason="null value")
    clock.now = 61
    assert ratio.share() == 0
    ratio.note(messages=90, rejected=90, reason="null value")
    assert ratio.share() == 1


def test_good_messages_stop_nothing(clock: Clock) -> None:
    """They may be counted after rejections of other threads that stopped the process already."""
    ratio = RejectRatio(SETTINGS, clock=clock)
    with pytest.raises(ConfigurationError):
        ratio.note(messages=200, rejected=150, reason="null value")
    ratio.note(messages=1)


def test_a_share_of_one_never_stops(clock: Clock) -> None:
    ratio = RejectRatio(SETTINGS.model_copy(update={"reject_ratio": 1.0}), clock=clock)
    ratio.note(messages=1_000, rejected=1_000, reason="null value")
