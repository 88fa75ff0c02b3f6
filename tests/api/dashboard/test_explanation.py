"""What a model said, and what others typed next, in an execution's detail."""

import re

from playwright.sync_api import Locator, expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.execution import Execution, execution, explained, explanation, finding
from tests.api.dashboard.page import DashboardPage
from tests.api.dashboard.recorded_api import RecordedApi


def lossy(**given: object) -> Execution:
    item = execution("ping -c 4 192.0.2.1", "4 packets transmitted, 1 received, 75% packet loss", verdict="warning")
    item["findings"] = [finding("reachability.loss", "warning", 1, "75% packet loss", subject="192.0.2.1")]
    return {**item, **given}


def open_detail(open_dashboard: OpenDashboard, api: RecordedApi) -> DashboardPage:
    return open_dashboard(api, f"/commands/{api.executions[0]['event_id']}")


def words(dashboard: DashboardPage) -> Locator:
    return dashboard.page.locator(".words-panel")


def test_a_model_s_words_stand_after_the_findings_and_say_whose_they_are(open_dashboard: OpenDashboard) -> None:
    dashboard = open_detail(open_dashboard, RecordedApi([lossy(explanation=explained())]))
    panel = words(dashboard)
    for text in ("written by a model", "SmolLM2-135M", "confidence 40 %", "may be wrong", "one of four requests"):
        expect(panel).to_contain_text(text)
    expect(panel.locator(".words-causes li")).to_have_count(2)
    order = dashboard.page.locator(".finding, .words-text").evaluate_all("nodes => nodes.map(node => node.className)")
    assert order == ["finding", "words-text"]


def test_a_suggestion_shows_its_risk_and_is_copied_not_run(open_dashboard: OpenDashboard) -> None:
    api = RecordedApi([lossy(explanation=explained())])
    dashboard = open_detail(open_dashboard, api)
    reads, changes = words(dashboard).locator(".suggestion").all()
    expect(reads.locator(".risk")).to_have_text("only reads")
    expect(changes.locator(".risk")).to_have_text("needs approval")
    asked = len(api.asked)
    changes.get_by_role("button", name="Copy ip link set eth0 down").click()
    expect(changes.get_by_role("button")).to_have_text("Copied")
    assert dashboard.page.evaluate("navigator.clipboard.readText()") == "ip link set eth0 down"
    assert api.asked[asked:] == []


def test_words_never_become_markup(open_dashboard: OpenDashboard) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    said = explained(
        text=evil, likely_causes=[evil], model=evil, suggestions=[{"command": evil, "reason": evil, "risk": evil}]
    )
    api = RecordedApi([lossy(explanation=said)])
    api.suggestions = [{"command": evil, "risk": "READ_ONLY", "why": evil, "count": 1, "users": 1}]
    dashboard = open_detail(open_dashboard, api)
    expect(words(dashboard).locator(".words-text")).to_have_text(evil)
    expect(words(dashboard).locator(".risk")).to_have_text("needs approval")
    assert dashboard.page.locator(".side img, .side script").count() == 0


def test_an_awaited_explanation_appears_without_a_reload(open_dashboard: OpenDashboard) -> None:
    item = lossy(explanation=explanation("pending"))
    dashboard = open_detail(open_dashboard, RecordedApi([item]))
    expect(words(dashboard)).to_contain_text("has been asked")
    item["explanation"] = explained()
    expect(words(dashboard).locator(".words-text")).to_contain_text("one of four", timeout=15_000)
    expect(dashboard.page.locator("#announcement")).to_have_text("A model's explanation is here")


def test_waiting_goes_on_where_the_api_fails_and_ends_with_the_detail(open_dashboard: OpenDashboard) -> None:
    item = lossy(explanation=explanation("pending"))
    api = RecordedApi([item])
    path = f"/v1/commands/{item['event_id']}/explanation"
    api.failing[path] = 503
    dashboard = open_detail(open_dashboard, api)
    with dashboard.page.expect_response(re.compile("/explanation$"), timeout=15_000) as refused:
        expect(words(dashboard)).to_contain_text("has been asked")
    assert refused.value.status == 503
    del api.failing[path]
    item["explanation"] = explanation("ungrounded", model="SmolLM2-135M")
    expect(words(dashboard)).to_contain_text("words are kept back", timeout=15_000)
    assert words(dashboard).locator(".words-text").count() == 0


def test_without_a_model_the_findings_stand(open_dashboard: OpenDashboard) -> None:
    dashboard = open_detail(open_dashboard, RecordedApi([lossy()]))
    expect(words(dashboard)).to_contain_text("No model has explained this. The findings come from rules alone.")
    expect(dashboard.findings).to_have_count(1)


def test_what_people_typed_next_is_listed_but_for_the_model_s_own(open_dashboard: OpenDashboard) -> None:
    api = RecordedApi([lossy()])
    item = {"risk": "READ_ONLY", "count": 7, "users": 3}
    api.suggestions = [
        {**item, "command": "traceroute 192.0.2.1", "why": "transition"},
        {**item, "command": "show logging", "why": "model"},
        {**item, "command": "ip route", "why": "frequent"},
    ]
    dashboard = open_detail(open_dashboard, api)
    listed = dashboard.page.locator(".next-panel .suggestion")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("typed next 7 times by 3 people")


def test_without_suggestions_nothing_is_shown(open_dashboard: OpenDashboard) -> None:
    api = RecordedApi([lossy()])
    api.failing["/v1/suggestions"] = 503
    dashboard = open_detail(open_dashboard, api)
    expect(dashboard.findings).to_have_count(1)
    expect(dashboard.page.locator(".next-panel")).to_be_hidden()
