"""What assistive technology and tired eyes need: names, contrast, sizes, and verdicts that are not colour alone."""

import pytest
from playwright.sync_api import expect

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.execution import execution, explained
from tests.api.dashboard.page import DashboardPage, Scheme
from tests.api.dashboard.recorded_api import RecordedApi

ESC = "\x1b"

# The ratio of WCAG 2.2, 1.4.3, for every element that holds text of its own and can be seen.
LOW_CONTRAST = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const over = (colour, below) => {
    pen.clearRect(0, 0, 1, 1);
    for (const one of [below, colour]) { pen.fillStyle = one; pen.fillRect(0, 0, 1, 1); }
    const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  };
  const background = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
    return layers.reduce((below, layer) => over(layer, below), "rgb(255, 255, 255)");
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const own = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return [...document.body.querySelectorAll("*")]
    .filter((node) => own(node) && node.checkVisibility({visibilityProperty: true}))
    .filter((node) => !node.closest(".skip, .hidden, noscript, :disabled"))
    .map((node) => {
      const below = background(node);
      const text = over(getComputedStyle(node).color, below);
      return [ratio(luminance(text), luminance(below)), node.className || node.tagName, node.textContent.slice(0, 30)];
    })
    .filter(([found]) => found < 4.5);
}"""

NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, [role=img], [role=region], summary")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute("aria-label") || node.getAttribute("aria-labelledby") || node.labels?.length
                      || node.textContent.trim()))
  .map((node) => node.outerHTML.slice(0, 80))"""


def show_everything(open_dashboard: OpenDashboard, recorded: RecordedApi, scheme: Scheme) -> DashboardPage:
    colours = "".join(f"{ESC}[{code}mcolour {code}{ESC}[0m\n" for code in [*range(30, 38), *range(90, 98)])
    worst = next(item for item in recorded.executions if len(item["findings"]) > 1)
    worst["output"] += f"\n{colours}"
    worst["explanation"] = explained()
    recorded.suggestions = [{"command": "uptime", "risk": "READ_ONLY", "why": "transition", "count": 1, "users": 2}]
    recorded.executions += [execution(f"echo {verdict}", "x", verdict=verdict) for verdict in ("info", "unknown")]
    dashboard = open_dashboard(recorded, f"/commands/{worst['event_id']}?user={worst['user_id']}", scheme=scheme)
    dashboard.page.locator("#filters-toggle").click()
    dashboard.page.locator(".particulars summary").click()
    dashboard.findings.first.click()
    dashboard.toggle_verdict(worst["verdict"])
    return dashboard


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_themes(open_dashboard: OpenDashboard, recorded: RecordedApi, scheme: Scheme) -> None:
    dashboard = open_dashboard(recorded, scheme=scheme)
    assert dashboard.page.evaluate(LOW_CONTRAST) == []
    dashboard.press("?")
    assert dashboard.page.evaluate(LOW_CONTRAST) == []
    detail = show_everything(open_dashboard, recorded, scheme)
    assert detail.page.evaluate(LOW_CONTRAST) == []


def test_every_control_has_a_name(open_dashboard: OpenDashboard, recorded: RecordedApi) -> None:
    assert show_everything(open_dashboard, recorded, "light").page.evaluate(NAMELESS) == []


def test_a_verdict_is_a_word_and_a_shape(open_dashboard: OpenDashboard, recorded: RecordedApi) -> None:
    dashboard = open_dashboard(recorded)
    for place in ("#list .row", "#totals .total", ".device"):
        for node in dashboard.page.locator(place).all()[:20]:
            verdict = str(node.get_attribute("data-verdict"))
            assert verdict in node.inner_text()
            assert node.locator("svg.icon").count() == 1
    shapes = dashboard.page.locator("#totals svg").evaluate_all("nodes => nodes.map(node => node.innerHTML)")
    assert len(set(shapes)) == 5


@pytest.mark.parametrize("width", [320, 375, 768, 1100, 1440])
def test_nothing_is_cut_off_at_any_width(open_dashboard: OpenDashboard, recorded: RecordedApi, width: int) -> None:
    item = next(item for item in recorded.executions if item["findings"])
    item["explanation"] = explained()
    for route in ("/", "/?device=dc1-leaf01&user=noc-shift&finding=bgp.session_down", f"/commands/{item['event_id']}"):
        dashboard = open_dashboard(recorded, route, width=width, height=720)
        assert dashboard.page.evaluate("document.documentElement.scrollWidth") <= width
        spilled = dashboard.page.locator(".total, .button, .chip, .finding").evaluate_all(
            "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.textContent)"
        )
        assert spilled == []


def test_motion_stops_for_those_who_ask(open_dashboard: OpenDashboard, recorded: RecordedApi) -> None:
    dashboard = open_dashboard(recorded)
    dashboard.is_live()
    dot = dashboard.page.locator(".connection-dot")
    running = "node => node.getAnimations().length"
    assert dot.evaluate(running) == 1
    dashboard.page.emulate_media(reduced_motion="reduce")
    assert dot.evaluate(running) == 0


def test_changes_are_told_politely(open_dashboard: OpenDashboard, small: RecordedApi) -> None:
    dashboard = open_dashboard(small)
    for name in ("connection", "commands-count", "announcement"):
        expect(dashboard.page.locator(f"#{name}")).to_have_attribute("role", "status")
    dashboard.rows.first.click()
    expect(dashboard.lines).to_have_count(1)
    dashboard.press("c")
    expect(dashboard.page.locator("#announcement")).to_have_text("Output copied")
