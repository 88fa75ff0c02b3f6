"""The live stream: what arrives shows, waits when it should, and survives losses."""

import pytest
from playwright.sync_api import Route, expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.execution import execution
from tests.api.dashboard.recorded_api import RecordedApi


def test_an_execution_appears_on_top_as_it_happens(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    small.happen(execution("show version", "17.9", hostname="edge-rtr02"))
    expect(dashboard.rows).to_have_count(4)
    expect(dashboard.rows.first).to_contain_text("edge-rtr02")
    expect(dashboard.page.locator("#rate")).to_have_text("1/min")


def test_a_first_execution_takes_the_place_of_the_empty_notice(
    empty: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(empty)
    dashboard.is_live()
    expect(dashboard.page.locator(".notice")).to_contain_text("No commands in this time range")
    empty.happen(execution("id", "uid=0"))
    expect(dashboard.rows).to_have_count(1)
    expect(dashboard.page.locator(".notice")).to_have_count(0)


def test_a_paused_stream_holds_back_and_resuming_shows(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    dashboard.pause.click()
    expect(dashboard.connection).to_have_text("Paused")
    small.happen(execution("date", "now"), execution("date", "then"))
    expect(dashboard.fresh).to_have_text("Show 2 new commands")
    expect(dashboard.rows).to_have_count(3)
    dashboard.pause.click()
    expect(dashboard.rows).to_have_count(5)
    expect(dashboard.fresh).to_be_hidden()


def test_what_is_read_further_down_does_not_move(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.is_live()
    scroller = dashboard.page.locator("#scroller")
    scroller.evaluate("node => { node.scrollTop = 300 }")
    recorded.happen(execution("date", "now"))
    expect(dashboard.fresh).to_have_text("Show 1 new command")
    assert scroller.evaluate("node => node.scrollTop") == 300
    dashboard.fresh.click()
    expect(dashboard.rows.first).to_contain_text("date")
    assert scroller.evaluate("node => node.scrollTop") == 0


def test_a_lost_stream_reconnects_and_fills_the_gap(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    small.failing["/v1/live"] = 503
    small.hang_up()
    expect(dashboard.connection).to_have_text("Reconnecting")
    small.happen(execution("missed", "meanwhile"))
    small.failing.clear()
    expect(dashboard.connection).to_have_text("Live")
    expect(dashboard.rows.first).to_contain_text("missed")
    expect(dashboard.rows).to_have_count(4)


def test_a_burst_is_shown_once_each_and_newest_first(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    burst = [execution(f"seq {number}", str(number)) for number in range(300)]
    small.happen(*burst, burst[0])
    expect(dashboard.rows).to_have_count(303)
    expect(dashboard.rows.first).to_contain_text("seq 299")


@pytest.mark.parametrize(
    ("route", "expected"), [("/?user=noc", 1), ("/?command=show", 1), ("/?q=VERSION", 1), ("/?device=sw1", 1)]
)
def test_the_stream_obeys_every_filter(
    small: RecordedApi, open_dashboard: OpenDashboard, route: str, expected: int
) -> None:
    dashboard = open_dashboard(small, route)
    dashboard.is_live()
    small.happen(
        execution("show version", "17", user="noc", hostname="sw1"), execution("ls", "a", user="me", hostname="sw2")
    )
    expect(dashboard.rows).to_have_count(expected)
    expect(dashboard.rows).to_contain_text(["show version"])


def test_only_filters_that_the_stream_knows_are_asked_of_it(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small, "/?user=noc&verdict=ok&verdict=info&q=x&command=y&device=d&since=-1h")
    dashboard.is_live()
    assert [path for path in small.asked if path.startswith("/v1/live")] == [
        "/v1/live?device=d&verdict=ok&verdict=info"
    ]


def test_a_past_range_has_no_stream(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small, "/?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z")
    expect(dashboard.connection).to_have_text("History")
    expect(dashboard.pause).to_be_disabled()
    assert small.listeners == 0


def test_a_change_of_what_the_stream_does_not_know_leaves_it_open(
    small: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    dashboard.choose_range("Last hour")
    dashboard.search("version")
    dashboard.toggle_verdict("ok")
    dashboard.is_live()
    assert [path for path in small.asked if path.startswith("/v1/live")] == ["/v1/live?", "/v1/live?verdict=ok"]


def test_what_arrives_while_the_first_page_is_on_its_way_stays(
    small: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    held: list[Route] = []
    dashboard.page.route("**/v1/commands?*", lambda route: held.append(route))  # noqa: PLW0108 - a bound method is refused
    dashboard.page.locator("select[name=range]").select_option(label="Last hour")
    expect(dashboard.page.locator(".skeleton").first).to_be_visible()
    early = execution("date", "now")
    small.happen(early)
    expect(dashboard.row(early["event_id"])).to_be_visible()
    held[0].continue_()
    expect(dashboard.rows).to_have_count(4)
