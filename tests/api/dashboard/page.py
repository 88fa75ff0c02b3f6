"""The dashboard as a person uses it, wherever it is served: page object for tests against any base URL."""

import os
import re
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

Scheme = Literal["light", "dark"]

_CHECKOUT = Path(__file__).parents[3]


class DashboardPage:
    """One browser tab with the dashboard; `problems` collects what no visit may cause."""

    def __init__(
        self,
        browser: Browser,
        base_url: str,
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Scheme = "light",
        scale: float = 1,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.problems: list[str] = []
        self._context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=scale, locale="en-GB"
        )
        self._context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.base_url)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        self.page.on("request", self._requested)
        self.page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))

    def close(self) -> None:
        """Close the tab and forget its storage."""
        self._context.close()

    def open(self, route: str = "/") -> None:
        """Go to a route such as `/?verdict=critical` or `/commands/{event_id}` and wait for the page to stand."""
        self.page.goto(f"{self.base_url}/#{route}")
        self.settled()

    def settled(self) -> None:
        """Wait until the list has its answer, whichever it is."""
        expect(self.page.locator("#list")).to_have_attribute("aria-busy", "false")

    @property
    def rows(self) -> Locator:
        """The executions in the list, newest first."""
        return self.page.locator("#list .row")

    def row(self, event_id: str) -> Locator:
        """The list's row of one execution."""
        return self.page.locator(f'#list .row[data-event-id="{event_id}"]')

    @property
    def connection(self) -> Locator:
        """The word for the live stream's state: Live, Paused, Reconnecting, ..."""
        return self.page.locator("#connection-text")

    def is_live(self) -> None:
        """Wait until the live stream is open."""
        expect(self.connection).to_have_text("Live")

    @property
    def fresh(self) -> Locator:
        """The button that shows executions which arrived and are held back."""
        return self.page.locator("#fresh")

    @property
    def pause(self) -> Locator:
        """The button that pauses and resumes the stream."""
        return self.page.locator("#pause")

    def search(self, text: str) -> None:
        """Search commands, summaries and outputs."""
        self.page.locator("input[name=q]").fill(text)
        self._asked("q", text)

    def filter(self, name: str, value: str) -> None:
        """Set one of the filters `device`, `user`, `os_type`, `finding`, `command`; the panel opens if need be."""
        if self.page.locator("#filters-more").is_hidden():
            self.page.locator("#filters-toggle").click()
        self.page.locator(f"#filters input[name={name}]").fill(value)
        self._asked(name, value)

    def choose_range(self, label: str) -> None:
        """Choose a time range by its words, as in `Last hour`."""
        self.page.locator("select[name=range]").select_option(label=label)
        self.settled()

    def toggle_verdict(self, verdict: str) -> None:
        """Press a verdict's total, which limits the list to it."""
        self.page.locator(f"#totals [data-verdict={verdict}]").first.click()
        self.settled()

    def total(self, verdict: str) -> Locator:
        """The number of executions with this verdict in the time range."""
        return self.page.locator(f"#totals .total[data-verdict={verdict}] .total-figure")

    @property
    def detail(self) -> Locator:
        """The execution that is open."""
        return self.page.locator("#detail")

    @property
    def title(self) -> Locator:
        """The open execution's command."""
        return self.page.locator("#detail-title")

    @property
    def lines(self) -> Locator:
        """The lines of the open output."""
        return self.page.locator(".output .line")

    @property
    def marked_lines(self) -> list[int]:
        """Numbers of the lines that carry evidence."""
        return [int(cast("str", line.get_attribute("data-line"))) for line in self.page.locator(".line.marked").all()]

    @property
    def active_lines(self) -> list[int]:
        """Numbers of the lines that the chosen finding rests on."""
        return [int(cast("str", line.get_attribute("data-line"))) for line in self.page.locator(".line.active").all()]

    @property
    def findings(self) -> Locator:
        """The findings beside the output."""
        return self.page.locator(".finding")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """Return the focused element's tag and id or classes, as in `input#q` or `a.row`."""
        return cast(
            "str",
            self.page.evaluate(
                "(({tagName, id, className}) => tagName.toLowerCase() + (id ? '#' + id : '.' + className))"
                "(document.activeElement)"
            ),
        )

    def screenshot(self, name: str) -> Path:
        """Keep a picture of what is in the window under the test results, and return where."""
        folder = Path(os.environ.get("NETCOPILOT_TEST_RESULTS") or _CHECKOUT / "test-results") / "screenshots"
        path = folder / f"{name}.png"
        self.page.screenshot(path=path, animations="disabled")
        return path

    def _asked(self, name: str, value: str) -> None:
        wanted = re.compile(rf"[?&]{name}=" if value else rf"^(?!.*[?&]{name}=)")
        expect(self.page).to_have_url(wanted)
        self.settled()

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused request is the network's line, not the page's; tests of refusals cause it on purpose.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _requested(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.base_url}/"):
            self.problems.append(f"request to another origin: {request.url}")
