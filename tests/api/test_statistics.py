"""Counts over time, and devices."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx

from tests.api.events import History, finding, record

MINUTE = datetime(2026, 3, 4, 5, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return MINUTE + timedelta(minutes=minutes)


def test_a_timeseries_counts_each_event_once_and_fills_gaps(history: History, client: httpx.Client) -> None:
    events = [
        record(started_at=at(0.1), verdict="ok", os_type="ios", device_id="a"),
        record(started_at=at(0.9), verdict="ok", os_type="ios", device_id="b"),
        record(started_at=at(3.5), verdict="critical", os_type="linux", device_id="b"),
        record(started_at=at(5), verdict="ok", device_id="a"),
        record(started_at=at(-0.1), verdict="ok", device_id="a"),
    ]
    history.store(events)
    history.store(events[:3])
    query = {"since": at(0).isoformat(), "until": at(4).isoformat(), "step": "60"}
    start = int(MINUTE.timestamp())
    answer = client.get("/v1/stats/timeseries", params=query).json()
    assert answer["step_seconds"] == 60
    points = {series["name"]: series["points"] for series in answer["series"]}
    assert points.keys() == {"ok", "critical"}
    assert points["ok"] == [[start, 2], [start + 60, 0], [start + 120, 0], [start + 180, 0]]
    assert points["critical"][3] == [start + 180, 1]
    for by, names in (("os_type", {"ios", "linux"}), ("device", {"a", "b"})):
        series = client.get("/v1/stats/timeseries", params=query | {"by": by}).json()["series"]
        assert {one["name"] for one in series} == names
        assert sum(count for one in series for _, count in one["points"]) == 3


def test_steps_cover_the_stretch_on_their_own_grid(history: History, client: httpx.Client) -> None:
    history.store([record(started_at=at(minutes)) for minutes in (0, 7, 14, 21)])
    query = {"since": at(1).isoformat(), "until": at(22).isoformat(), "step": "300"}
    [series] = client.get("/v1/stats/timeseries", params=query).json()["series"]
    starts = [start for start, _ in series["points"]]
    assert starts == list(range(int(at(0).timestamp()), int(at(25).timestamp()), 300))
    assert [count for _, count in series["points"]] == [1, 1, 1, 0, 1]


def test_the_default_is_the_last_hour_by_verdict(history: History, client: httpx.Client) -> None:
    history.store([record(), record(), record(started_at=datetime.now(UTC) - timedelta(hours=3))])
    answer = client.get("/v1/stats/timeseries").json()
    assert [series["name"] for series in answer["series"]] == ["warning"]
    assert sum(count for _, count in answer["series"][0]["points"]) == 2


def test_a_device_shows_what_the_latest_run_of_each_command_found(history: History, client: httpx.Client) -> None:
    critical, warning, info = (finding(severity=severity) for severity in ("critical", "warning", "info"))
    events = [
        record(device_id="a", command="df", started_at=at(0), findings=[critical, critical]),
        record(device_id="a", command="df", started_at=at(1), findings=[warning, info]),
        record(device_id="a", command="ping", started_at=at(2), findings=[warning], verdict="warning"),
        record(device_id="a", command="uptime", started_at=at(3), findings=[], verdict="ok", hostname="new-name"),
        record(device_id="b", command="df", started_at=at(0), findings=[critical], verdict="critical"),
    ]
    history.store(events)
    history.store(events[:2])
    page = client.get("/v1/devices").json()
    assert page["next"] is None
    a, b = page["items"]
    assert a == {
        "device_id": "a",
        "hostname": "new-name",
        "os_type": "linux",
        "last_seen": "2026-03-04T05:13:00.000000Z",
        "events": 4,
        "last_verdict": "ok",
        "open_findings": {"info": 1, "warning": 2, "critical": 0},
    }
    assert (b["device_id"], b["last_verdict"], b["open_findings"]["critical"]) == ("b", "critical", 1)


def test_devices_come_in_pages(history: History, client: httpx.Client) -> None:
    names = sorted(f"device {n} ü" for n in range(7))
    history.store([record(device_id=name) for name in names])
    seen: Counter[str] = Counter()
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/v1/devices", params={"limit": 3, "cursor": cursor}).json()
        seen.update(item["device_id"] for item in page["items"])
        cursor = page["next"]
    assert seen == Counter(names)
