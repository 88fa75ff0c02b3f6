"""The same stream over WebSockets."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.api.events import record
from tests.api.listening import listening
from tests.api.live.stage import Stage, staged
from tests.services.topics import TopicFactory


def frames(connection: ClientConnection) -> Iterator[dict[str, Any]]:
    for text in connection:
        frame = json.loads(text)
        if frame["type"] != "heartbeat":
            yield frame


def test_the_first_frame_is_hello_then_come_the_events_of_the_sse_stream(stage: Stage) -> None:
    with listening(stage.live) as listener, connect(stage.socket) as connection:
        listener.wait_for("hello")
        received = frames(connection)
        hello = next(received)
        assert (hello["type"], hello["heartbeat_seconds"]) == ("hello", 0.2)
        stage.publish(record())
        command = next(received)
        listener.wait_for_commands(1)
        assert command["type"] == "command"
        assert command["item"] == listener.named("command")[0]


def test_filters_and_resume(stage: Stage) -> None:
    with connect(stage.socket) as connection:
        after = next(frames(connection))["id"]
    published = stage.publish(record(device_id="a"), record(device_id="b"))
    with connect(f"{stage.socket}?device=b&after={after}") as connection:
        received = frames(connection)
        assert next(received)["type"] == "hello"
        assert next(received)["item"]["event_id"] == published[1]


def test_what_the_client_says_is_ignored(stage: Stage) -> None:
    with connect(stage.socket) as connection:
        received = frames(connection)
        next(received)
        connection.send("hello?")
        connection.send(b"\0\1")
        connection.send("still there?")
        published = stage.publish(record())
        assert next(received)["item"]["event_id"] == published[0]


def test_an_unknown_parameter_is_refused_before_the_handshake(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"{stage.socket}?hostname=a"):
        pass
    assert refused.value.response.status_code == 422
    assert json.loads(refused.value.response.body or b"")["error"]["code"] == "invalid_request"


def test_a_page_of_another_origin_may_not_listen(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(stage.socket, origin=Origin("https://evil.example")):
        pass
    assert refused.value.response.status_code == 403


def test_our_own_page_and_the_allowed_origins_may(kafka: str, topic_factory: TopicFactory) -> None:
    with staged(kafka, topic_factory("analyzed"), api_cors_origins="https://good.example") as stage:
        for origin in (stage.url, "https://good.example"):
            with connect(stage.socket, origin=Origin(origin)) as connection:
                assert next(frames(connection))["type"] == "hello"
