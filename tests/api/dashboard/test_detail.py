"""One execution: its output, the evidence in it, and the way between findings and lines."""

import json
import re

from playwright.sync_api import expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.corpora import recorded_outputs
from tests.api.dashboard.execution import execution, finding
from tests.api.dashboard.recorded_api import RecordedApi

ESC = "\x1b"
HOSTILE = f"""<script>document.title = 'owned'</script>
<img src=x onerror="document.title = 'owned'">
{ESC}[1;31mred alert{ESC}[0m then {ESC}[38;5;196mplain{ESC}[0m {ESC}]0;title\x07bell\x07 &amp; &lt;b&gt;
{ESC}]8;;http://198.51.100.7/{ESC}\\link{ESC}]8;;{ESC}\\\r"""


def bgp_summary() -> RecordedApi:
    rows = recorded_outputs("ntc_templates")
    output = next(row["output"] for row in rows if row["source"].endswith("arista_eos_show_ip_bgp_summary2.raw"))
    return RecordedApi([execution("show ip bgp summary", output, os_type="eos", hostname="dc1-leaf01")])


def test_a_permalink_opens_one_execution_with_its_evidence_marked(open_dashboard: OpenDashboard) -> None:
    api = bgp_summary()
    item = api.executions[0]
    dashboard = open_dashboard(api, f"/commands/{item['event_id']}")
    expect(dashboard.title).to_have_text("show ip bgp summary")
    assert dashboard.lines.all_inner_texts() == [line.rstrip("\n") for line in item["output"].rstrip("\n").split("\n")]
    assert dashboard.marked_lines == [found["line_start"] for found in item["findings"]] == [5, 6]
    expect(dashboard.findings).to_have_count(2)
    expect(dashboard.findings.first).to_contain_text("bgp.session_down")
    assert dashboard.page.title() == "show ip bgp summary · dc1-leaf01 · netcopilot"
    expect(dashboard.row(item["event_id"])).to_have_attribute("aria-current", "true")


def test_a_finding_leads_to_its_lines_and_back(open_dashboard: OpenDashboard) -> None:
    output = "\n".join(f"line {number}" for number in range(1, 400))
    item = execution("show log", output, verdict="warning")
    item["findings"] = [
        finding("disk.usage", "warning", 3, "line 3"),
        finding("command.failed", "critical", 350, "350", subject="x"),
    ]
    dashboard = open_dashboard(RecordedApi([item]), f"/commands/{item['event_id']}")
    dashboard.findings.nth(1).click()
    assert dashboard.active_lines == [350]
    expect(dashboard.lines.nth(349)).to_be_in_viewport()
    expect(dashboard.findings.nth(1)).to_have_attribute("aria-current", "true")
    assert dashboard.focused() == "button.line-mark"
    assert dashboard.lines.nth(349).locator("mark").inner_text() == "350"

    dashboard.press("Enter")
    assert dashboard.focused() == "button.finding"
    dashboard.press("n")
    assert dashboard.active_lines == [3]
    expect(dashboard.lines.nth(2)).to_be_in_viewport()
    dashboard.press("Shift+N")
    assert dashboard.active_lines == [350]


def test_an_output_is_text_whatever_it_holds(open_dashboard: OpenDashboard) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\">"
    item = execution(f"cat {hostile}", HOSTILE, hostname=hostile, user=hostile, verdict="warning")
    item["summary"] = hostile
    item["labels"] = item["facts"] = {hostile: hostile}
    item["findings"] = [finding(hostile, "warning", 3, f"{ESC}[1;31mred alert", subject=hostile, fact=hostile)]
    api = RecordedApi([item])
    dashboard = open_dashboard(api, f"/commands/{item['event_id']}")
    expect(dashboard.lines.first).to_have_text("<script>document.title = 'owned'</script>")
    expect(dashboard.lines.nth(2)).to_have_text("red alert then plain bell␇ &amp; &lt;b&gt;")
    expect(dashboard.lines.nth(3)).to_have_text("link")
    red = dashboard.lines.nth(2).locator(".ansi-red.ansi-bold")
    expect(red).to_have_text("red alert")
    expect(dashboard.lines.nth(2).locator("mark")).to_have_text("red alert")
    dashboard.page.locator(".particulars summary").click()
    assert dashboard.page.locator("#detail :is(img, script, a, b:has(*))").count() == 0
    assert dashboard.page.locator(".list img, .fleet img, .chips img").count() == 0
    assert "owned" not in dashboard.page.title().split("·")[-1]


def test_the_output_is_copied_without_colours(open_dashboard: OpenDashboard) -> None:
    item = execution("colours", f"{ESC}[32mgreen{ESC}[0m\r\nplain\n")
    dashboard = open_dashboard(RecordedApi([item]), f"/commands/{item['event_id']}")
    dashboard.page.get_by_role("button", name="Copy output").click()
    expect(dashboard.page.get_by_role("button", name="Copied")).to_be_visible()
    assert dashboard.page.evaluate("navigator.clipboard.readText()") == "green\nplain\n"


def test_the_link_to_copy_opens_the_execution(open_dashboard: OpenDashboard) -> None:
    item = execution("id", "uid=0")
    api = RecordedApi([item])
    dashboard = open_dashboard(api, f"/commands/{item['event_id']}?verdict=ok")
    dashboard.page.get_by_role("button", name="Copy link").click()
    expect(dashboard.page.get_by_role("button", name="Copied")).to_be_visible()
    assert (
        dashboard.page.evaluate("navigator.clipboard.readText()")
        == f"{dashboard.base_url}/#/commands/{item['event_id']}"
    )


def test_a_fact_of_the_execution_becomes_a_filter(open_dashboard: OpenDashboard, recorded: RecordedApi) -> None:
    item = recorded.executions[0]
    dashboard = open_dashboard(recorded, f"/commands/{item['event_id']}")
    dashboard.detail.get_by_role("button", name=item["user_id"]).click()
    expect(dashboard.page).to_have_url(re.compile(f"/commands/{item['event_id']}\\?user={item['user_id']}"))
    expect(dashboard.title).to_be_visible()


def test_the_largest_recorded_output_opens_at_once(open_dashboard: OpenDashboard) -> None:
    largest = max(recorded_outputs("suzieq"), key=lambda row: len(row["output"]))
    item = execution(largest["command"], largest["output"])
    dashboard = open_dashboard(RecordedApi([item]), "/")
    dashboard.rows.first.click()
    expect(dashboard.lines).to_have_count(largest["output"].rstrip("\n").count("\n") + 1)
    measured = dashboard.page.evaluate(
        f"""async () => {{
            const {{Output}} = await import('/assets/js/output.js');
            const begin = performance.now();
            document.body.append(new Output({json.dumps(largest["output"])}, [], () => {{}}).root);
            return performance.now() - begin;
        }}"""
    )
    assert measured < 3000


def test_a_finding_deep_in_a_large_output_is_reached(open_dashboard: OpenDashboard) -> None:
    item = execution("show log", "\n".join(f"line {number}" for number in range(1, 12_001)), verdict="warning")
    item["findings"] = [finding("command.failed", "warning", 9_876, "line 9876")]
    dashboard = open_dashboard(RecordedApi([item]), f"/commands/{item['event_id']}")
    dashboard.findings.first.click()
    expect(dashboard.lines.nth(9_875)).to_be_in_viewport()
    expect(dashboard.lines.nth(9_875)).to_have_class("line marked active")


def test_an_empty_output_says_so(open_dashboard: OpenDashboard) -> None:
    item = execution("true", "")
    dashboard = open_dashboard(RecordedApi([item]), f"/commands/{item['event_id']}")
    expect(dashboard.detail).to_contain_text("The command printed nothing.")
    expect(dashboard.detail).to_contain_text("The output was understood and no rule fired.")
