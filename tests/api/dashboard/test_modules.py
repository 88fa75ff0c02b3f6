"""The page's modules that are plain functions, asked in the browser that runs them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.dashboard.page import DashboardPage
from tests.api.dashboard.recorded_api import RecordedApi
from tests.api.dashboard.serving import serve


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[DashboardPage]:
    with serve(RecordedApi([]).app) as base_url:
        tab = DashboardPage(browser, base_url)
        tab.open()
        yield tab
        tab.close()


def call(page: DashboardPage, module: str, function: str, *arguments: Any) -> Any:
    return page.page.evaluate(
        "async ([module, name, given]) => (await import(`/assets/js/${module}.js`))[name](...given)",
        [module, function, list(arguments)],
    )


def test_quantities_have_units(page: DashboardPage) -> None:
    durations = {
        0: "0 µs",
        999: "999 µs",
        4210: "4.21 ms",
        999_499: "999 ms",
        1_000_000: "1 s",
        59_940_000: "59.9 s",
        61_000_000: "1 min 1 s",
        7_384_000_000: "2 h 3 min",
    }
    assert {given: call(page, "format", "duration", given) for given in durations} == durations
    sizes = {0: "0 B", 999: "999 B", 1000: "1 kB", 1489: "1.49 kB", 263_292: "263 kB", 1_500_000: "1.5 MB"}
    assert {given: call(page, "format", "bytes", given) for given in sizes} == sizes


def test_times_are_local_and_say_the_day_where_it_is_not_today(page: DashboardPage) -> None:
    now = 1_795_431_600_000
    assert call(page, "format", "clock", now - 60_000, now).count(":") == 2
    assert "Nov" in call(page, "format", "clock", now - 3 * 86_400_000, now)
    assert call(page, "format", "utc", 0) == "1970-01-01 00:00:00.000 UTC"
    assert [call(page, "format", "ago", now - 1000 * age, now) for age in (2, 42, 190, 7300, 200_000)] == [
        "now", "42 s", "3 min", "2 h", "2 d",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "route",
    [
        "#/",
        "#/?device=leaf+01&verdict=critical&verdict=warning&since=-1h",
        "#/commands/abc%2Fd?q=%25+Invalid+%26+more",
        "#/?since=2026-01-01T00%3A00%3A00.000Z&until=2026-01-02T00%3A00%3A00.000Z",
    ],
)
def test_every_view_is_an_address(page: DashboardPage, route: str) -> None:
    again = call(page, "route", "formatRoute", call(page, "route", "parseRoute", route))
    assert call(page, "route", "parseRoute", again) == call(page, "route", "parseRoute", route)


def test_series_fill_their_gaps_and_keep_the_total(page: DashboardPage) -> None:
    answer = {"step_seconds": 60, "series": [{"name": "ok", "points": [[120, 2], [240, 3]]}]}
    aligned = call(page, "series", "alignSeries", answer, [100, 300], ["critical", "ok"])
    assert aligned["times"] == [60, 120, 180, 240]
    assert [row["values"] for row in aligned["rows"]] == [[0, 0, 0, 0], [0, 2, 0, 3]]
    assert call(page, "series", "stack", aligned["rows"])[-1] == [0, 2, 0, 3]


def test_many_series_become_a_few_and_the_rest(page: DashboardPage) -> None:
    many = [{"name": f"sw{number}", "points": [[60, number]]} for number in range(1, 12)]
    aligned = call(page, "series", "alignSeries", {"step_seconds": 60, "series": many}, [60, 120])
    assert [row["name"] for row in aligned["rows"]] == ["sw11", "sw10", "sw9", "sw8", "sw7", "other"]
    assert sum(row["total"] for row in aligned["rows"]) == sum(range(1, 12))


def test_terminal_sequences_become_classes_or_nothing(page: DashboardPage) -> None:
    lines = call(
        page,
        "ansi",
        "parseTerminal",
        "\x1b[31mred\nstill\x1b[39m not\x1b[2K\x1b[1A\r\n\x1b(Bplain\x00\x1b[38;2;1;2;3mx",
    )
    assert lines == [
        [{"text": "red", "classes": "ansi-red"}],
        [{"text": "still", "classes": "ansi-red"}, {"text": " not", "classes": ""}],
        [{"text": "plain␀", "classes": ""}, {"text": "x", "classes": ""}],
    ]


def test_terminal_sequences_that_never_end_cost_no_time(page: DashboardPage) -> None:
    flood = "\x1b]0;" * 50_000 + "\x1b[" * 50_000
    begin = page.page.evaluate("performance.now()")
    call(page, "ansi", "plainText", flood)
    assert page.page.evaluate("performance.now()") - begin < 2000
