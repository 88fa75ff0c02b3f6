"""The place to try the analysis, on the API itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from api.settings import ApiSettings
from tests.api.dashboard.page import DashboardPage
from tests.api.serving import serving

PING = "--- 192.0.2.1 ping statistics ---\n4 packets transmitted, 1 received, 75% packet loss, time 3051ms\n"


@pytest.fixture
def bench(browser: Browser, lonely_settings: ApiSettings) -> Iterator[DashboardPage]:
    with serving(lonely_settings) as url:
        tab = DashboardPage(browser, url)
        tab.open()
        tab.press("a")
        expect(tab.page.locator("#bench")).to_be_visible()
        yield tab
        tab.close()
        assert tab.problems == []


def analyze(tab: DashboardPage, command: str, output: str) -> None:
    tab.page.locator("#bench input[name=command]").fill(command)
    tab.page.locator("#bench textarea").fill(output)
    tab.page.locator("#bench-run").click()


def test_a_pasted_output_is_analysed(bench: DashboardPage) -> None:
    analyze(bench, "ping -c 4 192.0.2.1", PING)
    answer = bench.page.locator("#bench-answer")
    expect(answer.locator(".detail-summary")).to_contain_text("75% packet loss to 192.0.2.1", timeout=20_000)
    answer.locator(".finding").click()
    assert bench.active_lines == [2]
    assert bench.focused() == "button.line-mark"


def test_a_text_cannot_become_markup(bench: DashboardPage) -> None:
    evil = "bash: <img src=x onerror=alert(1)>: command not found"
    analyze(bench, "<b>x</b>", evil)
    answer = bench.page.locator("#bench-answer")
    expect(answer.locator(".line-text")).to_have_text(evil, timeout=20_000)
    assert answer.locator("img").count() == 0


def test_what_is_missing_is_asked_for_and_escape_closes(bench: DashboardPage) -> None:
    bench.page.locator("#bench-run").click()
    assert bench.page.locator("#bench input[name=command]:invalid").count() == 1
    bench.press("Escape")
    expect(bench.page.locator("#bench")).to_be_hidden()


def test_a_refusal_is_told(bench: DashboardPage) -> None:
    bench.page.locator("#bench input[name=os_type]").fill("x" * 300)
    analyze(bench, "id", "")
    expect(bench.page.get_by_role("alert").last).to_contain_text("It could not be analysed")
