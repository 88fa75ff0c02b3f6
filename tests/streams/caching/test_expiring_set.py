from datetime import timedelta

from streams.caching.expiring_set import ExpiringSet

MINUTE = timedelta(minutes=1)


def test_members_are_forgotten_after_their_time() -> None:
    now = 0.0
    members: ExpiringSet[str] = ExpiringSet(memory=MINUTE, max_members=10, clock=lambda: now)
    members.add("a")
    now = 59.0
    assert "a" in members
    members.add("a")
    now = 118.0
    assert "a" in members
    now = 119.0
    assert "a" not in members


def test_beyond_the_bound_the_oldest_go() -> None:
    members: ExpiringSet[int] = ExpiringSet(memory=MINUTE, max_members=2)
    for number in (1, 2, 1, 3):
        members.add(number)
    assert [number for number in (1, 2, 3) if number in members] == [1, 3]
    members.clear()
    assert len(members) == 0
