import json
import uuid
from datetime import UTC, datetime, timedelta

import httpx

from api.live.event import render
from tests.api.events import History, finding, record

NOW = datetime.now(UTC).replace(microsecond=123_456)


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["event_id"] for item in answer.json()["items"]]


def test_an_item_is_the_event_without_its_output(history: History, client: httpx.Client) -> None:
    event = record(started_at=NOW, summary='quote " backslash \\ tab \t slash / ünïcode \u2028')
    history.store([event])
    [item] = client.get("/v1/commands").json()["items"]
    assert item == {
        "event_id": str(event["event_id"]),
        "tenant_id": "default",
        "device_id": "leaf01",
        "hostname": "leaf01.example",
        "agent_id": "agent-1",
        "user_id": "alice",
        "session_id": "s-1",
        "sequence": 7,
        "started_at": NOW.strftime("%Y-%m-%dT%H:%M:%S.123456Z"),
        "ended_at": (NOW + timedelta(milliseconds=12)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "duration_us": 12_000,
        "os_type": "linux",
        "command": "ping -c 4 10.0.0.9",
        "status": "FAILED",
        "exit_code": 1,
        "verdict": "warning",
        "summary": event["summary"],
        "findings": [finding()],
        "cache_status": "MISS",
        "analysis_latency_us": 3_000,
        "output_bytes": event["output_bytes"],
        "output_truncated": True,
        "redactions": 1,
        "labels": {"site": "ams/1"},
    }


def test_detail_adds_output_and_analysis(history: History, client: httpx.Client) -> None:
    event = record(output="a\r\nb\x1b[31m\u2029<script>\0end", session_id=None, exit_code=None, findings=[])
    history.store([event, record()])
    answer = client.get(f"/v1/commands/{event['event_id']}")
    assert answer.status_code == 200
    detail = answer.json()
    assert detail["output"] == event["output"]
    assert detail["fingerprint"] == "000102030405060708090a0b0c0d0e0f"
    assert detail["kafka"] == {"partition": 0, "offset": 0}
    assert detail["session_id"] is None
    assert detail["exit_code"] is None
    assert detail["facts"] == {"loss_percent": "25"}
    assert detail["analyzed_at"].endswith("Z")


FILTERS = {
    "device=a": {"a1", "a2"},
    "device=a&device=b": {"a1", "a2", "b1"},
    "user=bob": {"a2"},
    "os_type=nxos": {"b1"},
    "verdict=critical": {"a2"},
    "verdict=critical&verdict=ok": {"a2", "b1"},
    "finding=bgp.session_down": {"a2"},
    "finding=disk.usage&finding=reachability.loss": {"a1"},
    "command=show%20ip": {"a2", "b1"},
    "command=how%20ip": set(),
    "status=OK": {"b1"},
    "q=NEEDLE": {"b1"},
    "q=it%27s%20%5C%20%7Bodd%3AString%7D%25": {"a2"},
    "q=ping": {"a1", "a2"},
    "since=-90m": {"b1"},
    "until=-90m": {"a1", "a2"},
    "since=-150m&until=-90m": {"a2"},
    "device=a&verdict=warning": {"a1"},
    "device=%27%20OR%201%3D1%20--": set(),
}


def test_filters(history: History, client: httpx.Client) -> None:
    history.store(
        [
            record(device_id="a", hostname="a1", started_at=NOW - timedelta(hours=3)),
            record(
                device_id="a",
                hostname="a2",
                user_id="bob",
                command="show ip bgp summary",
                summary="it's \\ {odd:String}%",
                started_at=NOW - timedelta(hours=2),
                verdict="critical",
                findings=[finding(kind="bgp.session_down", severity="critical"), finding(kind="interface.down")],
            ),
            record(
                device_id="b",
                hostname="b1",
                os_type="nxos",
                command="show ip route",
                output="hay needle hay",
                summary="fine",
                started_at=NOW - timedelta(hours=1),
                verdict="ok",
                status="OK",
                findings=[],
            ),
        ]
    )
    found = {}
    for query in FILTERS:
        answer = client.get(f"/v1/commands?{query}")
        assert answer.status_code == 200, answer.text
        found[query] = {item["hostname"] for item in answer.json()["items"]}
    assert found == FILTERS


def test_pages_hold_every_event_once_newest_first_while_more_arrive(history: History, client: httpx.Client) -> None:
    same_start = [record(started_at=NOW - timedelta(days=3), device_id=f"d{n % 3}") for n in range(7)]
    spread = [record(started_at=NOW - timedelta(hours=5 * n), device_id=f"d{n % 3}") for n in range(20)]
    history.store(same_start + spread)
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get("/v1/commands", params={"limit": 4, "cursor": cursor}).json()
        seen += [item["event_id"] for item in page["items"]]
        history.store([record(started_at=NOW + timedelta(seconds=len(seen)))])
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 27
    assert set(seen) == {str(event["event_id"]) for event in same_start + spread}
    starts = {str(event["event_id"]): event["started_at"] for event in same_start + spread}
    assert [starts[one] for one in seen] == sorted(starts.values(), reverse=True)


def test_an_event_delivered_twice_is_one_item_as_it_was_last_analysed(history: History, client: httpx.Client) -> None:
    event = record(started_at=NOW)
    history.store([event])
    history.store([event | {"verdict": "critical", "rules_version": "4"}])
    assert ids(client.get("/v1/commands")) == [str(event["event_id"])]
    assert ids(client.get("/v1/commands?verdict=critical")) == [str(event["event_id"])]
    assert ids(client.get("/v1/commands?verdict=warning")) == []
    assert client.get(f"/v1/commands/{event['event_id']}").json()["verdict"] == "critical"


def test_old_events_are_found_behind_empty_days(history: History, client: httpx.Client) -> None:
    old = record(started_at=datetime(2020, 8, 5, 12, 0, tzinfo=UTC))
    history.store([old])
    assert ids(client.get("/v1/commands")) == [str(old["event_id"])]


def test_another_tenants_events_do_not_exist(history: History, client: httpx.Client) -> None:
    foreign = record(tenant_id="other")
    history.store([foreign])
    assert ids(client.get("/v1/commands")) == []
    assert client.get(f"/v1/commands/{foreign['event_id']}").status_code == 404
    assert client.get("/v1/devices").json()["items"] == []
    assert client.get("/v1/stats/timeseries").json()["series"] == []


def test_an_unknown_event_is_404_and_a_malformed_id_422(history: History, client: httpx.Client) -> None:
    unknown = client.get(f"/v1/commands/{uuid.uuid4()}")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")
    malformed = client.get("/v1/commands/nonsense")
    assert (malformed.status_code, malformed.json()["error"]["code"]) == (422, "invalid_request")


def test_a_live_item_and_a_history_item_are_the_same(history: History, client: httpx.Client) -> None:
    events = [
        record(started_at=NOW),
        record(session_id=None, exit_code=None, findings=[], labels={}, started_at=datetime(2021, 1, 1, tzinfo=UTC)),
    ]
    history.store(events)
    live = [json.loads(render(event, "a.0:1").websocket)["item"] for event in events]
    assert client.get("/v1/commands").json()["items"] == live
