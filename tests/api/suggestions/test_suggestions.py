"""GET /v1/suggestions on a real ClickHouse, from history that the roll-up made."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from api.settings import ApiSettings
from tests.api.events import History, finding, record
from tests.api.serving import serving
from tests.api.suggestions.people import commands, learn, sitting, suggest

BAD_PING = ("ping 10.0.0.1", {"verdict": "critical", "status": "FAILED", "findings": [finding()]})


def test_what_people_typed_after_the_same_command_comes_first(history: History, client: httpx.Client) -> None:
    learn(
        history,
        [
            *[sitting(user, "show version", "show clock") for user in ("a", "b", "c") for _ in range(3)],
            *[sitting(user, "show ip bgp summary", "show ip route") for user in ("a", "b")],
            sitting("c", "show ip bgp summary", "show logging"),
            sitting("d", "show users", "show logging"),
        ],
    )
    items = suggest(client, after="show ip bgp summary")
    assert items[0]["command"] == "show ip route"
    assert items[0]["why"] == "transition"
    assert (items[0]["count"], items[0]["users"], items[0]["success_rate"]) == (2, 2, 1.0)
    assert items[0]["risk"] == "READ_ONLY"
    last_used = datetime.fromisoformat(items[0]["last_used"])
    assert 23 < (datetime.now(UTC) - last_used).total_seconds() / 3600 < 25
    others = {item["command"]: item["why"] for item in items[1:]}
    assert others["show version"] == others["show clock"] == "frequent"
    assert others["show logging"] == "frequent", "one person's next step is nobody else's, but two typed it somewhere"
    assert [item["score"] for item in items] == sorted((item["score"] for item in items), reverse=True)


def test_the_verdict_of_the_last_command_decides(history: History, client: httpx.Client) -> None:
    learn(
        history,
        [
            *[sitting(user, "ping 10.0.0.1", "show clock") for user in ("a", "b", "c")],
            *[sitting(user, BAD_PING, "show ip route 10.0.0.1") for user in ("a", "b")],
        ],
    )
    assert suggest(client, after="ping 10.0.0.7", verdict="ok")[0]["command"] == "show clock"
    bad = suggest(client, after="ping 10.0.0.7", verdict="critical")
    assert bad[0]["command"] == "show ip route 10.0.0.7"
    assert bad[0]["template"] == "show ip route {address}"
    assert "show clock" in commands(bad)
    unseen = suggest(client, after="ping 10.0.0.7", verdict="warning")
    assert unseen[0]["command"] == "show clock", "a verdict nobody met backs off to all verdicts"


def test_an_unknown_last_command_backs_off_to_the_frequent_ones(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", "show clock", "show clock") for user in ("a", "b")])
    items = suggest(client, after="show frobnication")
    assert commands(items) == ["show clock", "show version"]
    assert {item["why"] for item in items} == {"frequent"}
    assert commands(suggest(client)) == ["show clock", "show version"]


def test_without_history_there_are_old_friends_of_the_family(history: History, client: httpx.Client) -> None:
    for os_type, friend in (
        ("ios", "show ip interface brief"),
        ("junos", "show interfaces terse"),
        ("debian", "ip addr"),
    ):
        items = suggest(client, os_type=os_type, limit=50)
        assert friend in commands(items)
        assert {(item["why"], item["risk"], item["count"]) for item in items} == {("built-in", "READ_ONLY", 0)}
    filled = commands(suggest(client, after="show ip route 10.9.9.9", limit=50))
    assert "ping 10.9.9.9" in filled
    assert "show interfaces {interface}" in filled


def test_recent_habits_outweigh_old_ones(history: History, client: httpx.Client) -> None:
    old = [sitting(user, "show version", "show clock", days_ago=100) for user in ("a", "b", "c", "d")]
    new = [sitting(user, "show version", "show users", days_ago=1) for user in ("a", "b")]
    learn(history, [*old, *new])
    assert commands(suggest(client, after="show version"))[:2] == ["show users", "show clock"]


def test_what_fails_is_worth_less_and_what_is_denied_nothing(history: History, client: httpx.Client) -> None:
    unknown = ("show vrfs", {"findings": [finding(kind="command.not_found")]})
    denied = ("show tech", {"status": "DENIED"})
    people = ("a", "b", "c")
    learn(
        history,
        [
            *[sitting(user, "show version", unknown) for user in people],
            *[sitting(user, "show version", denied) for user in people for _ in range(3)],
            *[sitting(user, "show version", "show clock") for user in people],
            sitting("a", "show version", "show tech"),
        ],
    )
    items = suggest(client, after="show version")
    assert commands(items)[:2] == ["show clock", "show vrfs"]
    assert [item["success_rate"] for item in items[:2]] == [1.0, 0.0]
    assert "show tech" not in commands(items)


def test_a_command_that_found_something_bad_succeeded(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", BAD_PING) for user in ("a", "b")])
    [item] = [item for item in suggest(client, after="show version") if item["why"] == "transition"]
    assert item["success_rate"] == 1.0


@pytest.mark.parametrize("command", ["reload", "rm -rf /var", "mkfs.ext4 /dev/sda1", "write erase", "delete flash:x"])
def test_what_destroys_is_never_suggested(history: History, client: httpx.Client, command: str) -> None:
    learn(history, [sitting(user, "show version", command, "show clock") for user in ("a", "b", "c")])
    for query in ({"after": "show version"}, {}, {"prefix": command.split(maxsplit=1)[0]}):
        items = suggest(client, limit=50, **query)
        assert not [item for item in items if item["template"].split()[0] == command.split(maxsplit=1)[0]]


def test_what_changes_something_is_marked(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", "configure terminal") for user in ("a", "b")])
    assert suggest(client, after="show version")[0]["risk"] == "APPROVAL_REQUIRED"


def test_one_persons_habit_is_no_suggestion(
    history: History, client: httpx.Client, settings_for: Callable[..., ApiSettings]
) -> None:
    learn(history, [sitting("alice", "show version", "show my secret") for _ in range(20)])
    assert {item["why"] for item in suggest(client, after="show version")} == {"built-in"}
    settings = settings_for(api_suggestion_min_users=1)
    with serving(settings) as url, httpx.Client(base_url=url) as alone:
        assert suggest(alone, after="show version")[0]["command"] == "show my secret"
    with serving(settings_for(api_suggestion_min_users=3)) as url, httpx.Client(base_url=url) as strict:
        learn(history, [sitting("bob", "show version", "show my secret")])
        assert {item["why"] for item in suggest(strict, after="show version")} == {"built-in"}
    assert suggest(client, after="show version")[0]["command"] == "show my secret"


def test_tenants_learn_nothing_of_each_other(
    history: History, client: httpx.Client, settings_for: Callable[..., ApiSettings]
) -> None:
    learn(history, [sitting(user, "show version", "show clock", tenant_id="other") for user in ("a", "b")])
    assert {item["why"] for item in suggest(client, after="show version")} == {"built-in"}
    with serving(settings_for(tenant_id="other")) as url, httpx.Client(base_url=url) as other:
        assert suggest(other, after="show version")[0]["command"] == "show clock"


def test_systems_are_apart(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", "show clock", os_type="eos") for user in ("a", "b")])
    assert {item["why"] for item in suggest(client, after="show version")} == {"built-in"}
    assert suggest(client, after="show version", os_type="eos")[0]["command"] == "show clock"


def test_a_prefix_may_shorten_each_word(history: History, client: httpx.Client) -> None:
    said = ("show ip route", "show ip bgp summary", "show clock", "ping 10.0.0.1")
    learn(history, [sitting(user, *said) for user in ("a", "b")])
    assert set(commands(suggest(client, prefix="sh ip"))) == {"show ip route", "show ip bgp summary"}
    assert commands(suggest(client, prefix="SHOW CL")) == ["show clock"]
    assert commands(suggest(client, prefix="ping 10")) == ["ping {host}"]
    assert commands(suggest(client, prefix="show version")) == ["show version"], "a built-in, as nobody typed it"
    assert suggest(client, prefix="frobnicate") == []


def test_placeholders_are_filled_with_what_the_last_command_named(history: History, client: httpx.Client) -> None:
    learn(
        history,
        [
            sitting("a", "show interfaces Gi0/1", "show logging | include Gi0/1", "show interfaces Gi0/2 transceiver"),
            sitting("b", "show interfaces Gi0/7", "show logging | include Gi0/7", "ping vrf RED 10.0.0.1"),
        ],
    )
    items = suggest(client, after="show interfaces Te1/0/3")
    assert (items[0]["command"], items[0]["open"]) == ("show logging | include Te1/0/3", [])
    assert items[0]["template"] == "show logging | include {interface}"
    bare = suggest(client, after="show version")
    assert ("show logging | include {interface}", ["interface"]) in [(item["command"], item["open"]) for item in bare]


def test_a_devices_last_command_is_the_context(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, BAD_PING, "show ip route 10.0.0.1") for user in ("a", "b")])
    history.store(
        [
            *sitting("c", "show clock", ("ping 10.0.0.44", {"verdict": "critical"}), device_id="core9", days_ago=0.1),
            record(device_id="core9", user_id="", session_id=None, command="show environment", os_type="ios"),
        ]
    )
    answer = client.get("/v1/suggestions", params={"device": "core9"}).json()
    assert answer["context"] == {
        "os_type": "ios",
        "after": "ping 10.0.0.44",
        "verdict": "critical",
        "fingerprint": bytes(range(16)).hex(),
    }
    assert answer["items"][0]["command"] == "show ip route 10.0.0.44"
    other = client.get("/v1/suggestions", params={"device": "core9", "after": "show clock"}).json()
    assert (other["context"]["after"], other["context"]["verdict"]) == ("show clock", "ok")


def test_an_unknown_place_is_told_apart(history: History, client: httpx.Client) -> None:
    nothing = client.get("/v1/suggestions")
    assert (nothing.status_code, nothing.json()["error"]["details"]["problems"][0]["where"]) == (422, "os_type")
    for query in ({"device": "nowhere"}, {"event_id": "018f0000-0000-7000-8000-000000000000"}):
        assert client.get("/v1/suggestions", params=query).status_code == 404
        assert suggest(client, os_type="ios", **query)


def test_a_model_speaks_of_the_fingerprint_at_hand(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", "show clock") for user in ("a", "b")])
    event = record(os_type="ios", device_id="core9", command="ping 10.0.0.9", user_id="", session_id=None)
    history.store([event])
    said = [
        ("show ip route {subject}", "the target may have no route", "READ_ONLY"),
        ("reload", "turn it off and on again", "READ_ONLY"),
        ("show ip cef {neighbour}", "nobody knows which", "READ_ONLY"),
        ("show ip cef", "see what forwards", "READ_ONLY"),
    ]
    connection = history.client()
    row = ["default", event["fingerprint"], datetime.now(UTC), "small-model", said, 0.9]
    connection.insert(
        "analyses",
        [row, ["other", *row[1:4], [("show other", "", "READ_ONLY")], 0.9]],
        column_names=["tenant_id", "fingerprint", "created_at", "model", "suggestions", "confidence"],
    )
    connection.close()
    for query in (
        {"event_id": str(event["event_id"])},
        {"device": event["device_id"]},
        {"fingerprint": event["fingerprint"].hex().upper(), "os_type": "ios"},
    ):
        items = [item for item in suggest(client, **query) if item["why"] == "model"]
        told = ["show ip route 10.0.0.9"] if "fingerprint" not in query else []
        assert commands(items) == [*told, "show ip cef"]
        assert (items[-1]["reason"], items[-1]["open"]) == ("see what forwards", [])
        assert (items[-1]["count"], items[-1]["last_used"]) == (0, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("verdict=terrible&os_type=ios", 422),
        ("fingerprint=xyz&os_type=ios", 422),
        ("event_id=1", 422),
        ("limit=0&os_type=ios", 422),
        ("limit=51&os_type=ios", 422),
        ("hostname=a", 422),
        ("os_type=ios", 503),
        ("device=leaf01", 503),
    ],
)
def test_what_cannot_be_answered_is_told_in_the_common_shape(lonely: httpx.Client, query: str, status: int) -> None:
    answer = lonely.get(f"/v1/suggestions?{query}")
    assert answer.status_code == status
    assert {"code", "message", "request_id"} <= answer.json()["error"].keys()


def test_suggestions_are_counted_by_where_they_come_from(history: History, client: httpx.Client) -> None:
    learn(history, [sitting(user, "show version", "show clock") for user in ("a", "b")])
    before = client.get("/metrics").text
    assert len(suggest(client, after="show version", limit=1)) == 1
    name = 'netcopilot_api_suggestions_total{why="transition"}'
    assert _value(client.get("/metrics").text, name) == _value(before, name) + 1


def _value(exposition: str, name: str) -> float:
    values = [line.split(" ")[-1] for line in exposition.splitlines() if line.startswith(name)]
    return float(values[0]) if values else 0.0
