"""Server-sent events on a real broker and a real socket."""

import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest
from confluent_kafka import Producer

from schemas.headers import REPLAY
from tests.api.events import finding, produce, record
from tests.api.listening import listening
from tests.api.live.stage import Stage, staged
from tests.api.serving import wait_until
from tests.services.topics import TopicFactory


def test_everyone_gets_each_new_event_once_and_none_from_before(stage: Stage) -> None:
    stage.publish(*(record(device_id=f"d{n}") for n in range(20)))
    with listening(stage.live) as warm_up:
        warm_up.wait_for("hello")
        stage.publish(record(summary="warm-up"))
        warm_up.wait_for_commands(1)
        with listening(stage.live) as one, listening(stage.live) as other:
            one.wait_for("hello")
            other.wait_for("hello")
            published = stage.publish(*(record(device_id=f"d{n}") for n in range(30)))
            one.wait_for_commands(30)
            other.wait_for_commands(30)
            assert sorted(one.commands) == sorted(published)
            assert one.commands == other.commands


def test_what_is_analysed_again_is_no_news(stage: Stage) -> None:
    with listening(stage.live) as stream:
        stream.wait_for("hello")
        produce(stage.kafka, stage.topic, [record(summary="history")], headers=[(REPLAY, b"0123456789ab")])
        (news,) = stage.publish(record(summary="news"))
        stream.wait_for_commands(1)
        assert stream.commands == [news]
        last_id = stream.last_id
    with listening(stage.live, headers={"Last-Event-ID": last_id}) as resumed:
        resumed.wait_for("hello")
        produce(stage.kafka, stage.topic, [record(summary="history")], headers=[(REPLAY, b"0123456789ab")])
        (later,) = stage.publish(record(summary="news"))
        resumed.wait_for_commands(1)
        assert resumed.commands == [later]


def test_the_delay_of_news_is_measured(stage: Stage) -> None:
    with listening(stage.live) as stream:
        stream.wait_for("hello")
        seen = stage.metric("netcopilot_api_live_delay_seconds_count")
        produce(stage.kafka, stage.topic, [record(summary="history")], headers=[(REPLAY, b"0123456789ab")])
        stage.publish(record(summary="news"))
        stream.wait_for_commands(1)
        assert stage.metric("netcopilot_api_live_delay_seconds_count") == seen + 1
        assert stage.metric("netcopilot_api_live_delay_seconds_sum") < 60


def test_filters_must_all_hold(stage: Stage) -> None:
    events = {
        "wanted": record(device_id="a", verdict="critical", findings=[finding(kind="disk.usage"), finding()]),
        "device": record(device_id="b", verdict="critical", findings=[finding(kind="disk.usage")]),
        "verdict": record(device_id="a", verdict="ok", findings=[finding(kind="disk.usage")]),
        "finding": record(device_id="a", verdict="critical", findings=[finding()]),
        "os": record(device_id="a", verdict="critical", findings=[finding(kind="disk.usage")], os_type="ios"),
    }
    query = "device=a&device=z&verdict=critical&verdict=warning&finding=disk.usage&os_type=linux"
    with listening(stage.live) as everything, listening(f"{stage.live}?{query}") as some:
        everything.wait_for("hello")
        some.wait_for("hello")
        stage.publish(*events.values())
        everything.wait_for_commands(5)
        some.wait_for_commands(1)
        assert some.commands == [str(events["wanted"]["event_id"])]


def test_an_event_is_decoded_once_for_all_and_never_for_nobody(stage: Stage) -> None:
    decoded = "netcopilot_api_live_decoded_events_total"
    with listening(stage.live) as one, listening(stage.live) as other:
        one.wait_for("hello")
        other.wait_for("hello")
        before = stage.metric(decoded)
        stage.publish(*(record() for _ in range(10)))
        one.wait_for_commands(10)
        other.wait_for_commands(10)
        assert stage.metric(decoded) - before == 10
    stage.publish(*(record() for _ in range(10)))
    with listening(stage.live, headers={"Last-Event-ID": one.last_id}) as third:
        third.wait_for_commands(10)
    assert stage.metric(decoded) - before == 20


def test_a_resumed_stream_gets_what_it_missed_and_goes_on_without_a_seam(stage: Stage) -> None:
    with listening(stage.live) as first:
        first.wait_for("hello")
        seen = stage.publish(*(record(device_id=f"d{n}") for n in range(10)))
        first.wait_for_commands(10)
    missed = stage.publish(*(record(device_id=f"d{n % 5}") for n in range(50)))
    later: list[str] = []
    publisher = threading.Thread(
        target=lambda: later.extend(stage.publish(*(record(device_id=f"d{n % 5}") for n in range(300))))
    )
    publisher.start()
    with listening(stage.live, headers={"Last-Event-ID": first.last_id}) as second:
        second.wait_for_commands(350)
        publisher.join()
    assert sorted(first.commands) == sorted(seen)
    assert sorted(second.commands) == sorted(missed + later)
    assert not second.named("gap")


def test_heartbeats_move_the_id_of_a_stream_whose_filter_admits_nothing(stage: Stage) -> None:
    with listening(f"{stage.live}?device=nobody") as idle, listening(stage.live) as busy:
        idle.wait_for("hello")
        busy.wait_for("hello")
        begin = idle.last_id
        stage.publish(*(record() for _ in range(5)))
        busy.wait_for_commands(5)
        comments = idle.comments
        wait_until(lambda: idle.comments >= comments + 2)
        assert idle.last_id != begin
        assert not idle.commands


def test_a_replay_is_bounded_and_says_how_much_is_missing(kafka: str, topic_factory: TopicFactory) -> None:
    with staged(kafka, topic_factory("analyzed"), api_live_replay_events=20) as stage:
        with listening(stage.live) as first:
            first.wait_for("hello")
            stage.publish(record())
            first.wait_for_commands(1)
        with listening(stage.live) as witness:
            witness.wait_for("hello")
            missed = stage.publish(*(record() for _ in range(100)))
            witness.wait_for_commands(100)
        with listening(stage.live, headers={"Last-Event-ID": first.last_id}) as second:
            second.wait_for_commands(20)
            [gap] = second.named("gap")
        assert gap == {"reason": "replay_limit", "missed": 80}
        assert second.commands == missed[-20:]


@pytest.mark.parametrize(
    ("last_id", "reason"), [("nonsense", "unknown_position"), ("deadbeef.0:1.1:1.2:1", "topic_recreated")]
)
def test_a_foreign_id_is_a_gap_and_the_stream_goes_on(stage: Stage, last_id: str, reason: str) -> None:
    with listening(stage.live, headers={"Last-Event-ID": last_id}) as listener:
        listener.wait_for("gap")
        assert listener.named("gap") == [{"reason": reason, "missed": None}]
        published = stage.publish(record())
        listener.wait_for_commands(1)
        assert listener.commands == published


def test_an_id_past_the_end_is_a_gap(stage: Stage) -> None:
    with listening(stage.live) as first:
        first.wait_for("hello")
    incarnation = first.last_id.split(".")[0]
    with listening(f"{stage.live}?after={incarnation}.0:99999") as second:
        second.wait_for("gap")
        assert second.named("gap")[0]["reason"] == "unknown_position"


def test_messages_that_are_no_events_are_left_out(stage: Stage) -> None:
    producer = Producer({"bootstrap.servers": stage.kafka})
    with listening(stage.live) as listener:
        listener.wait_for("hello")
        for garbage in (b"", b"\0\0\0\0\x02short", b"\0\0\0\x27\x0fno such schema", b"plain text", None):
            producer.produce(stage.topic, garbage, b"default/leaf01")
        assert producer.flush(20) == 0
        published = stage.publish(record())
        listener.wait_for_commands(1)
        assert listener.commands == published


def test_another_tenants_events_stay_unseen(stage: Stage) -> None:
    with listening(stage.live) as listener:
        listener.wait_for("hello")
        stage.publish(record(tenant_id="default2"), record(tenant_id="other"))
        mine = stage.publish(record())
        listener.wait_for_commands(1)
        assert listener.commands == mine


def test_who_does_not_read_is_cut_and_told_so(kafka: str, topic_factory: TopicFactory) -> None:
    with staged(kafka, topic_factory("analyzed"), api_live_queue_events=50) as stage, listening(stage.live) as quick:
        quick.wait_for("hello")
        with _silent_client(stage.url) as slow:
            sent = 0
            dropped = stage.metric("netcopilot_api_live_dropped_events_total")
            while stage.metric("netcopilot_api_live_dropped_events_total") == dropped:
                stage.publish(*(record(summary="x" * 50_000) for _ in range(20)))
                sent += 20
                quick.wait_for_commands(sent)
            rest = b""
            while b"event: end" not in rest[-200:]:
                rest += slow.recv(1 << 20)
            assert b'data: {"reason":"too_slow"}' in rest[-200:]
        assert not quick.named("end")


def _silent_client(url: str) -> socket.socket:
    address = urlsplit(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client.connect((address.hostname or "", address.port or 0))
    client.sendall(b"GET /v1/live HTTP/1.1\r\nHost: api\r\n\r\n")
    return client


def test_streams_are_counted_and_bounded(kafka: str, topic_factory: TopicFactory) -> None:
    with (
        staged(kafka, topic_factory("analyzed"), api_live_subscribers=1) as stage,
        listening(stage.live) as listener,
    ):
        listener.wait_for("hello")
        refused = httpx.get(stage.live)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_streams")


def test_an_unknown_parameter_is_refused(stage: Stage) -> None:
    refused = httpx.get(f"{stage.live}?hostname=a")
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["known"] == ["after", "device", "finding", "os_type", "verdict"]
