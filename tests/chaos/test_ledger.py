from collections import Counter
from uuid import UUID

from schemas.event import new_event_id
from tests.chaos.census import Census
from tests.chaos.ledger import balance

EVENTS = [new_event_id() for _ in range(10)]


def census(*, without: UUID | None = None, **places: list[UUID]) -> Census:
    """Return a census where every event is everywhere once but in the dead letters, and what is given besides."""

    def there(name: str) -> Counter[UUID]:
        return Counter([*(event for event in EVENTS if event != without), *places.get(name, [])])

    return Census(
        executed=there("executed"),
        analyzed=there("analyzed"),
        rows=there("rows"),
        visible=there("visible"),
        dead=Counter(places.get("dead", [])),
        numbers={},
    )


def test_what_is_visible_once_is_in_order() -> None:
    account = balance(EVENTS, census())
    assert account.is_balanced
    assert (account.taken, account.visible, account.dead, account.unacknowledged) == (10, 10, 0, 0)
    assert set(account.repeated.values()) == {0}


def test_a_lost_event_is_found_and_where_it_was_seen_last() -> None:
    lost = EVENTS[3]
    account = balance(EVENTS, census(without=lost))
    assert not account.is_balanced
    assert account.lost == {lost: "no topic"}
    assert balance(EVENTS, census(without=lost, executed=[lost])).lost == {lost: "commands.executed"}
    assert balance(EVENTS, census(without=lost, executed=[lost], analyzed=[lost])).lost == {lost: "commands.analyzed"}
    assert balance(EVENTS, census(without=lost, analyzed=[lost], rows=[lost])).lost == {lost: "the table"}


def test_an_event_that_readers_see_twice_is_found() -> None:
    account = balance(EVENTS, census(visible=[EVENTS[0]]))
    assert not account.is_balanced
    assert account.seen_twice == (EVENTS[0],)


def test_a_twin_that_nobody_took_is_found_too() -> None:
    stranger = new_event_id()
    assert balance(EVENTS, census(visible=[stranger, stranger])).seen_twice == (stranger,)


def test_a_dead_letter_is_not_lost() -> None:
    account = balance(EVENTS, census(without=EVENTS[5], dead=[EVENTS[5]]))
    assert account.is_balanced
    assert account.dead == 1


def test_copies_that_readers_do_not_see_are_counted_by_place() -> None:
    account = balance(EVENTS, census(executed=EVENTS[:3], analyzed=EVENTS[:2], rows=EVENTS[:1]))
    assert account.is_balanced
    assert account.repeated == {"commands.executed": 3, "commands.analyzed": 2, "rows": 1}


def test_what_arrived_though_its_agent_died_before_it_knew_is_no_fault() -> None:
    account = balance(EVENTS[:8], census())
    assert account.is_balanced
    assert account.unacknowledged == 2
