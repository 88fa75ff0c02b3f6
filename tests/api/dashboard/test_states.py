"""What the page says while it waits, when there is nothing, and when something is wrong."""

import re

from playwright.sync_api import expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.recorded_api import RecordedApi


def test_nothing_yet_tells_how_to_begin(empty: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(empty, "/?since=all")
    expect(dashboard.page.locator(".notice")).to_contain_text("netcopilot exec -- ping -c 3 127.0.0.1")
    expect(dashboard.page.locator("#fleet-note")).to_have_text("none heard yet")


def test_nothing_found_offers_a_way_out(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small, "/?q=nowhere&since=-1h")
    notice = dashboard.page.locator(".notice")
    expect(notice).to_contain_text("Nothing matches these filters")
    notice.get_by_role("button", name="Show last 6 hours").click()
    expect(dashboard.page).to_have_url(re.compile("since=-6h"))
    dashboard.settled()
    notice.get_by_role("button", name="Clear filters").click()
    expect(dashboard.rows).to_have_count(3)


def test_an_error_names_its_request_and_can_be_tried_again(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    small.failing["/v1/commands"] = 503
    dashboard = open_dashboard(small)
    alert = dashboard.page.get_by_role("alert")
    expect(alert).to_contain_text("The history does not answer; try again in a moment.")
    expect(alert).to_contain_text("req-4711")
    small.failing.clear()
    alert.get_by_role("button", name="Try again").click()
    expect(dashboard.rows).to_have_count(3)
    expect(alert).to_have_count(0)


def test_statistics_that_fail_leave_the_list_alone(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    small.failing |= {"/v1/stats/timeseries": 500, "/v1/devices": 500}
    dashboard = open_dashboard(small)
    expect(dashboard.rows).to_have_count(3)
    expect(dashboard.page.locator("#chart-note")).to_contain_text("not up to date")
    expect(dashboard.page.locator("#fleet-note")).to_have_text("not up to date")


def test_an_execution_that_is_gone_says_so(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small, "/commands/00000000-0000-7000-8000-000000000000")
    expect(dashboard.detail.get_by_role("alert")).to_contain_text("It may have passed its retention time")
    dashboard.press("Escape")
    expect(dashboard.detail).to_be_hidden()


def test_a_refused_stream_is_tried_again(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    small.failing["/v1/live"] = 503
    dashboard = open_dashboard(small)
    expect(dashboard.connection).to_have_text("Reconnecting")
    small.failing.clear()
    expect(dashboard.connection).to_have_text("Live")


def test_a_browser_without_network_says_offline_and_comes_back(
    small: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(small)
    dashboard.is_live()
    dashboard.page.context.set_offline(True)
    expect(dashboard.connection).to_have_text("Offline")
    dashboard.page.context.set_offline(False)
    dashboard.is_live()


def test_waiting_is_visible(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    dashboard.page.route("**/v1/commands?*", lambda _: None)
    dashboard.page.locator("#totals [data-verdict=ok]").first.click()
    expect(dashboard.page.locator("#list")).to_have_attribute("aria-busy", "true")
    expect(dashboard.page.locator(".skeleton").first).to_be_visible()


def test_the_chosen_theme_is_remembered(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small, scheme="light")
    page = dashboard.page.locator("html")
    light = page.evaluate("node => getComputedStyle(node).backgroundColor")
    dashboard.press("t")
    expect(page).to_have_attribute("data-theme", "dark")
    assert page.evaluate("node => getComputedStyle(node).backgroundColor") != light
    dashboard.page.reload()
    expect(page).to_have_attribute("data-theme", "dark")
