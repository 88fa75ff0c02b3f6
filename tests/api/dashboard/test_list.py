"""The list and its filters: what is asked, what is shown, and that every view is a link."""

import re

from playwright.sync_api import expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.execution import execution
from tests.api.dashboard.recorded_api import RecordedApi


def test_rows_say_what_ran_where_and_how_it_ended(open_dashboard: OpenDashboard) -> None:
    item = execution("ping 10.0.0.9", "5 packets transmitted, 0 received, 100% packet loss", hostname="pe-north01")
    dashboard = open_dashboard(RecordedApi([item | {"duration_us": 2_345_678}]))
    row = dashboard.rows.first
    for text in ("critical", "pe-north01", "ping 10.0.0.9", "loss percent 100", "2.35 s"):
        expect(row).to_contain_text(text)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", row.locator("time").inner_text())
    assert str(row.locator("time").get_attribute("title")).endswith(" UTC")


def test_older_pages_load_as_the_end_comes_near(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    expect(dashboard.page.locator("#commands-count")).to_have_text("50+ shown, newest first")
    for _ in range(3):
        dashboard.page.locator("#list-end").scroll_into_view_if_needed()
        dashboard.settled()
    expect(dashboard.rows).to_have_count(160)
    times = dashboard.rows.locator("time").evaluate_all("nodes => nodes.map(node => node.dateTime)")
    assert times == sorted(times, reverse=True)
    expect(dashboard.page.locator("#list-end")).to_contain_text("Start of last 24 hours")


def test_filters_narrow_the_list_and_stand_in_the_address(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.toggle_verdict("critical")
    dashboard.filter("command", "show ip bgp")
    dashboard.filter("finding", "bgp.session_down")
    expect(dashboard.rows.first).to_contain_text("show ip bgp")
    assert {"critical"} == set(dashboard.rows.evaluate_all("rows => rows.map(row => row.dataset.verdict)"))
    shown = dashboard.rows.count()

    address = dashboard.page.url.split("#")[1]
    linked = open_dashboard(recorded, address)
    expect(linked.rows).to_have_count(shown)
    expect(linked.page.locator("#chips")).to_contain_text("bgp.session_down")
    expect(linked.page.locator("#filters-count")).to_have_text("3")


def test_a_chip_takes_its_filter_away(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded, "/?device=pe-north01&user=agent")
    dashboard.page.get_by_role("button", name="Remove filter user agent").click()
    expect(dashboard.page).to_have_url(re.compile(r"\?device=pe-north01$"))
    dashboard.settled()
    expect(dashboard.page.locator("#chips li")).to_have_count(1)


def test_text_is_sought_in_outputs(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.search("no input power")
    expect(dashboard.rows.first).to_contain_text("show environment power all")
    dashboard.search("")
    expect(dashboard.rows).to_have_count(50)


def test_a_device_of_the_fleet_filters_the_list_and_lets_go(
    recorded: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(recorded)
    device = dashboard.page.locator('.device[data-device="core-mx01"]')
    device.click()
    expect(device).to_have_attribute("aria-pressed", "true")
    expect(dashboard.page).to_have_url(re.compile("device=core-mx01"))
    dashboard.settled()
    expect(dashboard.rows.first).to_contain_text("core-mx01")
    device.click()
    expect(dashboard.page).not_to_have_url(re.compile("device="))


def test_totals_count_the_range_and_the_chart_says_so(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    critical = sum(item["verdict"] == "critical" for item in recorded.executions)
    expect(dashboard.total("critical")).to_have_text(str(critical))
    label = str(dashboard.page.locator("#chart-plot").get_attribute("aria-label"))
    assert label.startswith(f"Bar chart, last 24 hours: 160 executions, of these {critical} critical, ")
    dashboard.choose_range("Last 15 minutes")
    expect(dashboard.page.locator("#chart-plot")).to_have_attribute("aria-label", re.compile("last 15 minutes"))


def test_dragging_over_the_chart_chooses_a_time_range(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    plot = dashboard.page.locator("#chart-plot .u-over")
    box = plot.bounding_box()
    assert box
    dashboard.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    dashboard.page.mouse.down()
    dashboard.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 40, steps=4)
    expect(dashboard.page.locator("#chart-tip")).to_be_visible()
    dashboard.page.mouse.up()
    expect(dashboard.page).to_have_url(re.compile(r"since=.*&until="))
    expect(dashboard.connection).to_have_text("History")
    expect(dashboard.page.locator("select[name=range]")).to_have_value("custom")


def test_the_chart_splits_by_device(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.page.locator("#chart-by").select_option("device")
    legend = dashboard.page.locator("#chart-legend .legend-item")
    expect(legend).to_have_count(6)
    expect(legend.last).to_contain_text("other")


def test_a_long_watch_does_not_fill_the_browser(open_dashboard: OpenDashboard, empty: RecordedApi) -> None:
    dashboard = open_dashboard(empty)
    dashboard.is_live()
    for batch in range(3):
        empty.happen(*(execution(f"seq {batch} {number}", "x") for number in range(400)))
        expect(dashboard.rows.first).to_contain_text(f"seq {batch} 399")
    assert 500 <= dashboard.rows.count() <= 1000
    dashboard.page.get_by_role("button", name="Load older").scroll_into_view_if_needed()
    expect(dashboard.rows.filter(has_text="seq 1 299")).to_have_count(1)


def test_the_chart_follows_without_being_drawn_anew(small: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(small)
    plot = dashboard.page.locator("#chart-plot .uplot").element_handle()
    expect(dashboard.total("warning")).to_have_text("1")
    small.executions.append(execution("ping", "100% packet loss"))
    dashboard.choose_range("Last hour")
    expect(dashboard.total("critical")).to_have_text("1")
    expect(dashboard.page.locator("#chart-plot")).to_have_attribute(
        "aria-label", re.compile("4 executions, .*1 critical")
    )
    assert plot.evaluate("node => node.isConnected")
