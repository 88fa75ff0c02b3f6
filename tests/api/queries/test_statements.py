"""What every statement promises."""

import re
import uuid
from datetime import UTC, datetime

import pytest

from api.models.history_query import HistoryParameters
from api.queries.detail import analysed, detail
from api.queries.devices import device_counts, devices
from api.queries.explanation import explanations
from api.queries.history import Place, bounds, history
from api.queries.statement import Statement
from api.queries.suggestions import executed, habits, latest, model_suggestions
from api.queries.timeseries import timeseries
from api.queries.windows import widening
from api.suggestions.situation import Situation

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
HOUR = 3_600_000_000
NASTY = "x' OR 1=1 -- {tenant:String}"
EVERYTHING = HistoryParameters(
    device=[NASTY],
    user=[NASTY],
    os_type=[NASTY],
    verdict=["ok"],
    finding=[NASTY],
    status=["OK"],
    command=NASTY,
    q=NASTY,
    since="-1h",
    until="-1m",
)
PLACE = Place(started_us=1_700_000_000_000_000, event_id=uuid.UUID(int=5))
NASTY_PLACE = Situation(os_type=NASTY, after=NASTY, verdict=NASTY, prefix=NASTY)

STATEMENTS = [
    history(HistoryParameters(), bounds(HistoryParameters(), after=None, now=NOW)),
    history(EVERYTHING, bounds(EVERYTHING, after=PLACE, now=NOW)),
    detail(uuid.UUID(int=1)),
    analysed(uuid.UUID(int=1)),
    explanations([NASTY]),
    devices(after=NASTY, rows=5),
    device_counts([NASTY]),
    executed(uuid.UUID(int=1)),
    latest(NASTY, NASTY),
    habits(NASTY_PLACE, min_users=2, today=NOW.date()),
    model_suggestions(NASTY),
    *(timeseries(by, since=0, until=60, step=60) for by in ("verdict", "os_type", "device")),
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
def test_values_never_stand_in_the_text(statement: Statement) -> None:
    assert NASTY not in statement.text
    assert "'x" not in statement.text


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
def test_places_and_parameters_are_the_same(statement: Statement) -> None:
    places = set(re.findall(r"\{(\w+):\w+", statement.text))
    assert places == statement.parameters.keys() | {"tenant"}


def test_a_statement_without_the_tenants_place_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="tenant"):
        Statement("bad", "SELECT 1", {})


def test_a_statement_cannot_choose_the_tenant() -> None:
    with pytest.raises(ValueError, match="tenant"):
        Statement("bad", "SELECT {tenant:String}", {"tenant": "other"})


def test_windows_widen_up_to_what_was_asked() -> None:
    asked = HistoryParameters()
    now_us = int(NOW.timestamp()) * 1_000_000
    found = [window.since_us for window in widening(bounds(asked, after=None, now=NOW), now=NOW)]
    assert found == [now_us - HOUR // 12, now_us - 6 * HOUR, None]


def test_windows_end_where_the_page_before_ended() -> None:
    asked = HistoryParameters()
    found = [window.since_us for window in widening(bounds(asked, after=PLACE, now=NOW), now=NOW)]
    assert found == [PLACE.started_us - HOUR // 12, PLACE.started_us - 6 * HOUR, None]


def test_windows_are_left_out_where_less_was_asked() -> None:
    asked = HistoryParameters(since="-4m")
    [only] = widening(bounds(asked, after=None, now=NOW), now=NOW)
    assert only == bounds(asked, after=None, now=NOW)
