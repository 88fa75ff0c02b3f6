"""Pictures of the page, kept with the test results for people to look at."""

import pytest

from tests.api.dashboard.conftest import OpenDashboard
from tests.api.dashboard.execution import Execution, explained
from tests.api.dashboard.page import DashboardPage
from tests.api.dashboard.recorded_api import RecordedApi


def interesting(recorded: RecordedApi) -> Execution:
    return next(item for item in recorded.executions if "bgp" in item["command"] and len(item["findings"]) > 1)


def keep(dashboard: DashboardPage, name: str) -> None:
    dashboard.is_live()
    path = dashboard.screenshot(name)
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_overview(recorded: RecordedApi, open_dashboard: OpenDashboard, scheme: str) -> None:
    keep(open_dashboard(recorded, scheme=scheme), f"dashboard-{scheme}")


@pytest.mark.parametrize(("width", "name"), [(1440, "wide"), (375, "phone")])
def test_explanation(recorded: RecordedApi, open_dashboard: OpenDashboard, width: int, name: str) -> None:
    item = interesting(recorded)
    item["explanation"] = explained()
    keep(open_dashboard(recorded, f"/commands/{item['event_id']}", width=width), f"dashboard-explanation-{name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_detail(recorded: RecordedApi, open_dashboard: OpenDashboard, scheme: str) -> None:
    dashboard = open_dashboard(recorded, f"/commands/{interesting(recorded)['event_id']}", scheme=scheme)
    dashboard.press("n")
    keep(dashboard, f"dashboard-detail-{scheme}")


def test_phone(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    keep(open_dashboard(recorded, width=375, height=812, scale=2), "dashboard-phone")
    detail = open_dashboard(
        recorded, f"/commands/{interesting(recorded)['event_id']}", width=375, height=812, scale=2, scheme="dark"
    )
    keep(detail, "dashboard-phone-detail")


def test_filters(recorded: RecordedApi, open_dashboard: OpenDashboard) -> None:
    dashboard = open_dashboard(recorded, "/?verdict=critical&verdict=warning&os_type=eos")
    dashboard.press("f")
    keep(dashboard, "dashboard-filters")


def test_empty(empty: RecordedApi, open_dashboard: OpenDashboard) -> None:
    keep(open_dashboard(empty, "/?since=all"), "dashboard-empty")
