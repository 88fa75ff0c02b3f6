"""A browser, the recorded API behind the real dashboard routes, and tabs that must stay free of problems."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.dashboard.browser import chromium
from tests.api.dashboard.execution import execution, recorded_executions
from tests.api.dashboard.page import DashboardPage
from tests.api.dashboard.recorded_api import RecordedApi
from tests.api.dashboard.serving import serve

OpenDashboard = Callable[..., DashboardPage]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def recorded() -> RecordedApi:
    """The API with a day of real devices' outputs."""
    return RecordedApi(recorded_executions(datetime.now(UTC)))


@pytest.fixture
def empty() -> RecordedApi:
    """The API before anything happened."""
    return RecordedApi([])


@pytest.fixture
def small() -> RecordedApi:
    """The API with three executions of which the newest failed."""
    return RecordedApi(
        [
            execution("false", "", exit_code=1, verdict="warning"),
            execution("uptime", "up 3 days"),
            execution("id", "uid=0"),
        ]
    )


@pytest.fixture
def open_dashboard(browser: Browser) -> Iterator[OpenDashboard]:
    """Opens tabs on an API, as in `open_dashboard(api, "/?q=ping", width=360)`; none of them may cause a problem."""
    with ExitStack() as stack:
        tabs: list[DashboardPage] = []

        def open_tab(api: RecordedApi, route: str = "/", **options: Any) -> DashboardPage:
            tab = DashboardPage(browser, stack.enter_context(serve(api.app)), **options)
            stack.callback(tab.close)
            tabs.append(tab)
            tab.open(route)
            return tab

        yield open_tab
        assert [problem for tab in tabs for problem in tab.problems] == []
