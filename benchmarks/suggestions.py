"""How often the next command is among the suggestions, beside a static list; and what a look-up costs.

People with habits type for some weeks (`tests.api.suggestions.society`); what they typed goes through the tables and
the roll-up. For a sample of what they type in the last two weeks, which the history does not hold, the API is asked as
it would have been: hit@1 and hit@5 say whether the command as it was typed comes first, or among five. The static list
has the most frequent commands of the same history for each os_type, the same for everybody.

Then a large history is rolled up, and the statement that a request runs is timed over it by ClickHouse's own clock,
beside `SELECT 1`. Prints one JSON line.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from clickhouse_connect.driver.client import Client

from api.queries.suggestions import habits
from api.settings import ApiSettings
from api.suggestions.situation import Situation
from cli.stack.chdb import clickhouse_spec
from runtime.log import configure_logging
from runtime.settings import ClickHouseSettings, ProcessSettings
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.transitions.rollup import RollUp, Sweep
from sinks.transitions.store import TransitionStore
from tests.api.events import History, record
from tests.api.serving import serving
from tests.api.suggestions.society import Typed, society
from tests.services.process import HOST, free_port, running

_BLOCK_ROWS = 10_000
_SWEEP = Sweep("benchmark", settled_seconds=0)
_SYSTEMS = ("ios", "nxos", "eos", "junos", "linux")


@dataclass(frozen=True)
class Question:
    """A place in a session, and what was typed there."""

    before: Typed
    typed: Typed


def main() -> None:
    """Run both parts and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60, help="people, on five kinds of systems")
    parser.add_argument("--days", type=int, default=70, help="days of history, the last 14 of them held out")
    parser.add_argument("--questions", type=int, default=1000, help="held-out commands that the API is asked for")
    parser.add_argument("--transitions", type=int, default=1_000_000, help="typed commands behind the look-up's time")
    parser.add_argument("--lookups", type=int, default=300, help="look-ups that are timed")
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()
    configure_logging(ProcessSettings(log_level="error"), process="benchmark")
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        spec = clickhouse_spec(host=HOST, port=port, folder=Path(name) / "clickhouse")
        with running(spec, Path(name)):
            figures = {
                **_evaluate(_database(port, "habits"), flags.people, flags.days, flags.questions, flags.seed),
                **_measure(_database(port, "volume"), flags.transitions, flags.lookups),
            }
    print(json.dumps({"benchmark": "suggestions", **figures, "cpus": os.cpu_count()}))


def _database(port: int, name: str) -> ClickHouseSettings:
    settings = ClickHouseSettings(clickhouse_url=f"http://{HOST}:{port}", clickhouse_database=name)
    migrate(settings)
    return settings


def _evaluate(settings: ClickHouseSettings, people: int, days: int, questions: int, seed: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    typed = society(people, days=days, until=now, seed=seed)
    split = now - timedelta(days=14)
    train = [one for one in typed if one.at < split]
    _store(settings, train)
    asked = _sample([one for one in typed if one.at >= split], questions, seed)
    ours = _ask_api(settings, asked)
    static = _most_frequent(train)
    lists = [static[question.typed.os_type] for question in asked]
    return {
        "people": people,
        "typed_train": len(train),
        "questions": len(asked),
        **{f"hit@{n}": _hits(asked, ours, n) for n in (1, 5)},
        **{f"static_hit@{n}": _hits(asked, lists, n) for n in (1, 5)},
    }


def _store(settings: ClickHouseSettings, typed: Sequence[Typed]) -> None:
    history = History(settings.clickhouse_url, settings.clickhouse_database)
    for start in range(0, len(typed), _BLOCK_ROWS):
        history.store(_event(one) for one in typed[start : start + _BLOCK_ROWS])
    client = connect(settings, database=settings.clickhouse_database)
    _roll_up(client)
    client.close()


def _event(typed: Typed) -> dict[str, Any]:
    return record(
        user_id=typed.user,
        session_id=typed.session,
        os_type=typed.os_type,
        started_at=typed.at,
        command=typed.command,
        verdict=typed.verdict,
        status="OK",
        findings=[],
        output="",
    )


def _roll_up(client: Client) -> None:
    roll_up = RollUp(TransitionStore(client), rows=20_000, sweeps=(_SWEEP,))
    while roll_up.run():
        pass


def _sample(typed: Sequence[Typed], most: int, seed: int) -> list[Question]:
    sessions: dict[str, list[Typed]] = {}
    for one in typed:
        sessions.setdefault(one.session, []).append(one)
    questions = [Question(*pair) for session in sessions.values() for pair in pairwise(session)]
    return random.Random(seed).sample(questions, min(most, len(questions)))


def _ask_api(settings: ClickHouseSettings, asked: Sequence[Question]) -> list[list[str]]:
    api = ApiSettings(
        clickhouse_url=settings.clickhouse_url,
        clickhouse_database=settings.clickhouse_database,
        kafka_bootstrap_servers=f"{HOST}:{free_port()}",
        log_level="error",
    )
    with serving(api) as url, httpx.Client(base_url=url) as client:
        return [_suggested(client, question.before) for question in asked]


def _suggested(client: httpx.Client, before: Typed) -> list[str]:
    query = {"os_type": before.os_type, "after": before.command, "verdict": before.verdict, "limit": "5"}
    answer = client.get("/v1/suggestions", params=query).raise_for_status()
    return [item["command"] for item in answer.json()["items"]]


def _most_frequent(typed: Sequence[Typed]) -> dict[str, list[str]]:
    counts = {os_type: Counter(one.command for one in typed if one.os_type == os_type) for os_type in _SYSTEMS}
    return {os_type: [command for command, _ in count.most_common(5)] for os_type, count in counts.items()}


def _hits(asked: Sequence[Question], lists: Sequence[Sequence[str]], most: int) -> float:
    hits = sum(question.typed.command in found[:most] for question, found in zip(asked, lists, strict=True))
    return round(hits / len(asked), 3)


def _measure(settings: ClickHouseSettings, transitions: int, lookups: int) -> dict[str, Any]:
    client = connect(settings, database=settings.clickhouse_database, timeout=300)
    try:
        for start in range(0, transitions, 10 * _BLOCK_ROWS):
            _type_much(client, start, min(10 * _BLOCK_ROWS, transitions - start))
        began, began_cpu = time.perf_counter(), time.process_time()
        _roll_up(client)
        seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        found = _look_up_times(client, lookups)
        [[rows, parts]] = client.query(
            "SELECT sum(rows), count() FROM system.parts "
            "WHERE active AND database = currentDatabase() AND table = 'habits'"
        ).result_rows
    finally:
        client.close()
    return {
        "transitions": transitions,
        "rolled_up_per_second": round(transitions / seconds),
        "roll_up_cpu_us_per_command": round(cpu / transitions * 1e6, 1),
        "habits": rows,
        "parts": parts,
        **{f"{name}_ms": _percentiles(took) for name, took in found.items()},
    }


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles([took * 1e3 for took in seconds], n=20)
    return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}


def _type_much(client: Client, start: int, rows: int) -> None:
    """Type `rows` commands of 400 people over half a year: sessions of eight that follow one of 600 scripts.

    One command of five is any of 3,000; few scripts and commands are frequent, and many are rare.
    """
    client.command(
        """
        INSERT INTO commands (event_id, tenant_id, user_id, session_id, os_type, started_at, command, status, verdict)
        SELECT
            generateUUIDv7(number), 'default', concat('user-', toString(session % 400)),
            concat('s-', toString(session)), ['ios', 'nxos', 'eos', 'junos', 'linux'][session % 5 + 1],
            now64(6) - toIntervalSecond(session * 7919 % (180 * 86400)) + toIntervalSecond(number % 8 * 20),
            concat('show ', char(97 + place % 26), char(97 + intDiv(place, 26) % 26), char(97 + intDiv(place, 676)),
                if(place % 3 = 0, concat(' 10.0.', toString(number % 250), '.1'), '')),
            'OK', ['ok', 'ok', 'ok', 'warning', 'critical'][place % 5 + 1]
        FROM (
            SELECT
                number,
                intDiv(number, 8) AS session,
                toUInt32(pow(cityHash64(session, 'script') % 1000000 / 1e6, 3) * 600) AS script,
                if(cityHash64(number) % 5 = 0, cityHash64(number, 'noise'), cityHash64(script, number % 8)) AS choice,
                toUInt32(pow(choice % 1000000 / 1e6, 3) * 3000) AS place
            FROM numbers({start:UInt64}, {rows:UInt64}))
        """,
        parameters={"start": start, "rows": rows},
    )


def _look_up_times(client: Client, times: int) -> dict[str, list[float]]:
    """Return the seconds that each statement of a request takes, after commands as frequent as people type them."""
    typed = client.query(
        "SELECT os_type, command, verdict FROM commands WHERE cityHash64(event_id) % 100 = 0"
    ).result_rows
    today = datetime.now(UTC).date()
    found: dict[str, list[float]] = {}
    for os_type, command, verdict in random.Random(1).sample(typed, times):
        situation = Situation(os_type=os_type, after=command, verdict=verdict)
        statement = habits(situation, min_users=2, today=today)
        found.setdefault(statement.name, []).append(_seconds(client, statement.text, statement.parameters))
        found.setdefault("select_1", []).append(_seconds(client, "SELECT 1", {}))
    return found


def _seconds(client: Client, text: str, parameters: Mapping[str, Any]) -> float:
    """Return how long ClickHouse itself took, by its own clock."""
    answer = client.raw_query(text, parameters={**parameters, "tenant": "default"}, fmt="JSON")
    return float(json.loads(answer)["statistics"]["elapsed"])


if __name__ == "__main__":
    main()
