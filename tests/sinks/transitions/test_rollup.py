"""The roll-up on a real ClickHouse: what counts as a step, and that it counts once."""

import itertools
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from schemas.event import new_event_id
from sinks.clickhouse import connect
from sinks.settings import SinkSettings
from sinks.transitions.rollup import RollUp, Sweep
from sinks.transitions.store import TransitionStore

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AT_ONCE = Sweep("test", settled_seconds=0)

Event = dict[str, Any]
Steps = dict[tuple[str, str], int]
_sequence = itertools.count(1)


def typed(command: str, minute: float, **given: Any) -> Event:
    return {
        "event_id": uuid.UUID(str(new_event_id())),
        "tenant_id": "acme",
        "device_id": "leaf01",
        "user_id": "alice",
        "session_id": "s-1",
        "sequence": next(_sequence),
        "started_at": MONDAY + timedelta(minutes=minute),
        "os_type": "ios",
        "command": command,
        "status": "OK",
        "verdict": "ok",
        **given,
    }


def store(client: Client, events: Iterable[Mapping[str, Any]]) -> None:
    """Insert into `commands`, as one block."""
    rows = list(events)
    client.insert("commands", [list(row.values()) for row in rows], column_names=list(rows[0]))


@pytest.fixture
def roll_up(client: Client) -> Callable[[], None]:
    """Rolls up whatever has arrived, ten arrivals at a time."""

    def run() -> None:
        rollup = RollUp(TransitionStore(client), rows=10, sweeps=(AT_ONCE,))
        while rollup.run():
            pass

    return run


def steps(client: Client, tenant: str = "acme") -> Steps:
    """Counts by (previous, command), as suggestions read them and as the sets of events tell them."""
    sets = client.query(
        "SELECT previous, command, toInt64(uniqCombined64Merge(15)(events)) - uniqCombined64Merge(15)(withdrawn) AS n "
        "FROM next_commands WHERE previous != '' AND tenant_id = {tenant:String} "
        "GROUP BY previous, command HAVING n > 0",
        parameters={"tenant": tenant},
    ).result_rows
    counted = client.query(
        "SELECT previous, command, runs FROM habits FINAL "
        "WHERE previous != '' AND tenant_id = {tenant:String} AND runs > 0",
        parameters={"tenant": tenant},
    ).result_rows
    read = {(previous, command): count for previous, command, count in counted}
    assert read == {(previous, command): count for previous, command, count in sets}
    return read


def test_each_command_follows_the_one_before_in_its_session(client: Client, roll_up: Callable[[], None]) -> None:
    store(
        client,
        [
            typed("show interfaces", 0),
            typed("ping 10.0.0.1", 0.5, session_id="s-2", user_id="bob"),
            typed("show interfaces Gi0/1", 1, device_id="leaf02"),
            typed("show ip route 10.0.0.1", 1.5, session_id="s-2", user_id="bob"),
            typed("show logging", 2),
        ],
    )
    roll_up()
    assert steps(client) == {
        ("show interfaces", "show interfaces {interface}"): 1,
        ("show interfaces {interface}", "show logging"): 1,
        ("ping {host}", "show ip route {address}"): 1,
    }


def test_every_command_counts_beside_what_came_before(client: Client, roll_up: Callable[[], None]) -> None:
    store(client, [typed("show clock", 0), typed("show version", 1), typed("show version", 2, session_id="s-2")])
    roll_up()
    rows = client.query(
        "SELECT command, uniqCombined64Merge(15)(events) FROM next_commands WHERE previous = '' GROUP BY command"
    ).result_rows
    assert {row[0]: row[1] for row in rows} == {"show clock": 1, "show version": 2}


def test_without_a_session_a_person_on_a_device_is_a_sitting(client: Client, roll_up: Callable[[], None]) -> None:
    alone = {"session_id": None}
    store(
        client,
        [
            typed("show clock", 0, **alone),
            typed("show users", 1, device_id="leaf02", **alone),
            typed("show hosts", 2, user_id="bob", **alone),
            typed("show version", 3, **alone),
        ],
    )
    roll_up()
    assert steps(client) == {("show clock", "show version"): 1}


def test_an_agents_watchlist_is_nobodys_habit(client: Client, roll_up: Callable[[], None]) -> None:
    store(client, [typed("uptime", 0, user_id="", session_id=None), typed("df -h", 1, user_id="", session_id=None)])
    roll_up()
    assert client.command("SELECT count() FROM next_commands") == 0


def test_after_half_an_hour_nothing_follows(client: Client, roll_up: Callable[[], None]) -> None:
    store(client, [typed("show clock", 0), typed("show version", 30), typed("show users", 60.1)])
    roll_up()
    assert steps(client) == {("show clock", "show version"): 1}


def test_lines_that_are_no_single_command_are_never_next(client: Client, roll_up: Callable[[], None]) -> None:
    store(client, [typed("show clock", 0), typed("cd /tmp; ls", 1), typed("show version", 2)])
    roll_up()
    assert steps(client) == {("{script}", "show version"): 1}


def test_steps_remember_verdict_user_outcome_and_time(client: Client, roll_up: Callable[[], None]) -> None:
    store(
        client,
        [
            typed("ping 10.0.0.1", 0, verdict="critical"),
            typed("show ip route", 1, status="DENIED"),
            typed("ping 10.0.0.1", 2, verdict="critical", user_id="bob", session_id="s-2"),
            typed("show ip route", 3, status="FAILED", user_id="bob", session_id="s-2"),
        ],
    )
    roll_up()
    [row] = client.query(
        "SELECT verdict, week, uniqCombined64Merge(15)(users), uniqCombined64Merge(15)(failed), "
        "uniqCombined64Merge(15)(denied), max(last_used) FROM next_commands WHERE previous != '' GROUP BY verdict, week"
    ).result_rows
    assert row == ("critical", MONDAY.date(), 2, 1, 1, (MONDAY + timedelta(minutes=3)).replace(tzinfo=row[5].tzinfo))


def test_runs_again_and_deliveries_again_change_nothing(client: Client, roll_up: Callable[[], None]) -> None:
    events = [typed("show clock", 0), typed("show version", 1), typed("show users", 2)]
    store(client, events)
    roll_up()
    once = steps(client)
    store(client, events[1:])
    roll_up()
    client.command("TRUNCATE TABLE sweeps")
    roll_up()
    assert steps(client) == once == {("show clock", "show version"): 1, ("show version", "show users"): 1}


def test_an_event_that_is_analysed_again_stays_one_step_as_it_was(client: Client, roll_up: Callable[[], None]) -> None:
    events = [typed("show interfaces", 0), typed("show logging", 1)]
    store(client, events)
    roll_up()
    query = (
        "SELECT verdict, toInt64(uniqCombined64Merge(15)(events)) FROM next_commands WHERE previous != '' "
        "GROUP BY verdict ORDER BY verdict"
    )
    before = client.query(query).result_rows
    store(client, [event | {"verdict": "critical", "analyzed_at": datetime.now(UTC)} for event in events])
    roll_up()
    assert client.query(query).result_rows == before
    assert sum(steps(client).values()) == 1


def test_arrivals_in_many_blocks_make_the_steps_of_one(client: Client, roll_up: Callable[[], None]) -> None:
    for minute, command in enumerate(["show clock", "show version", "show users"]):
        store(client, [typed(command, minute)])
        roll_up()
    assert steps(client) == {("show clock", "show version"): 1, ("show version", "show users"): 1}


def test_whatever_the_order_of_arrival_only_neighbours_are_steps(client: Client, roll_up: Callable[[], None]) -> None:
    orders = list(itertools.permutations(range(4)))
    sittings = [
        [typed(f"show {word}", minute, session_id=str(order)) for minute, word in enumerate(["a", "b", "c", "d"])]
        for order in orders
    ]
    for arrival in range(4):
        store(client, [sitting[order[arrival]] for sitting, order in zip(sittings, orders, strict=True)])
        roll_up()
        store(client, [sitting[order[0]] for sitting, order in zip(sittings, orders, strict=True)])
        roll_up()
    each = len(orders)
    assert steps(client) == {("show a", "show b"): each, ("show b", "show c"): each, ("show c", "show d"): each}


def test_several_roll_ups_at_once_count_once(settings: SinkSettings, client: Client) -> None:
    store(client, [typed(f"show {'abcd'[n % 4]}", n / 100, session_id=f"s-{n % 7}") for n in range(400)])
    clients = [connect(settings, database=settings.clickhouse_database) for _ in range(3)]

    def run(one: Client) -> None:
        rollup = RollUp(TransitionStore(one), rows=50, sweeps=(AT_ONCE,))
        while rollup.run():
            pass

    threads = [threading.Thread(target=run, args=(one,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in clients:
        one.close()
    assert sum(steps(client).values()) == 400 - 7
    assert client.command("SELECT uniqCombined64Merge(15)(events) FROM next_commands WHERE previous = ''") == 400


def test_tenants_are_apart(client: Client, roll_up: Callable[[], None]) -> None:
    store(client, [typed("show clock", 0), typed("show version", 1, tenant_id="other"), typed("show users", 2)])
    roll_up()
    assert steps(client) == {("show clock", "show users"): 1}
    assert steps(client, tenant="other") == {}


def test_a_sweep_leaves_what_has_not_settled(client: Client) -> None:
    store(client, [typed("show clock", 0), typed("show version", 1)])
    assert not RollUp(TransitionStore(client), rows=10, sweeps=(Sweep("later", settled_seconds=3600),)).run()
    assert client.command("SELECT count() FROM next_commands") == 0
