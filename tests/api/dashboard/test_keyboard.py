"""The page without a mouse."""

import re

from playwright.sync_api import expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.recorded_api import RecordedApi


def test_keys_walk_the_list_open_and_close(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.press("j", "j", "ArrowDown", "k")
    expect(dashboard.rows.nth(1)).to_be_focused()
    dashboard.press("Enter")
    opened = dashboard.rows.nth(1).get_attribute("data-event-id")
    expect(dashboard.page).to_have_url(re.compile(f"/commands/{opened}"))
    expect(dashboard.title).to_be_focused()

    dashboard.press("j")
    following = dashboard.rows.nth(2).get_attribute("data-event-id")
    expect(dashboard.page).to_have_url(re.compile(f"/commands/{following}"))
    dashboard.press("Escape")
    expect(dashboard.detail).to_be_hidden()
    expect(dashboard.rows.nth(2)).to_be_focused()
    dashboard.page.go_back()
    expect(dashboard.title).to_be_visible()


def test_walking_past_the_last_row_loads_more(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    for _ in range(60):
        dashboard.press("j")
        dashboard.settled()
    expect(dashboard.rows.nth(59)).to_be_focused()


def test_slash_searches_and_escape_leaves(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.press("/")
    search = dashboard.page.locator("input[name=q]")
    expect(search).to_be_focused()
    dashboard.page.keyboard.type("jp?")
    expect(search).to_have_value("jp?")
    expect(dashboard.page.locator("#help")).to_be_hidden()
    dashboard.press("Escape")
    expect(search).not_to_be_focused()


def test_question_mark_shows_the_keys(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.press("?")
    help_dialog = dashboard.page.get_by_role("dialog", name="Keyboard")
    expect(help_dialog).to_be_visible()
    dashboard.press("j")
    assert dashboard.page.locator("#list :focus").count() == 0
    dashboard.press("Escape")
    expect(help_dialog).to_be_hidden()


def test_pause_has_a_key(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.is_live()
    dashboard.press("p")
    expect(dashboard.pause).to_have_attribute("aria-pressed", "true")
    expect(dashboard.pause).to_contain_text("Resume")


def test_the_skip_link_leads_to_the_list_and_focus_goes_in_reading_order(
    recorded: RecordedApi, open_dashboard: OpenDashboard
) -> None:
    dashboard = open_dashboard(recorded)
    order = []
    for _ in range(15):
        dashboard.press("Tab")
        order.append(dashboard.focused())
    expected = [
        "a#skip",
        "button#pause",
        "button#bench-open",
        "button#theme",
        "button#help-open",
        "input.",
        "select.",
        "button#filters-toggle",
        "select#chart-by",
    ]
    assert order[: len(expected)] == expected
    assert order[len(expected) : len(expected) + 5] == ["button.total"] * 5
    assert order[len(expected) + 5].startswith("a.row") or order[len(expected) + 5].startswith("div#scroller")

    dashboard.page.locator("#skip").focus()
    dashboard.press("Enter")
    expect(dashboard.rows.first).to_be_focused()
