"""How topics are made."""

import pytest

from schemas.topics import ANALYSES, ANALYZED, DEAD, EXECUTED, TOPICS, Topic


def test_devices_clocks_decide_nothing_on_the_broker() -> None:
    assert EXECUTED.config["message.timestamp.type"] == "LogAppendTime"


def test_what_a_model_said_is_kept_for_ever() -> None:
    assert ANALYSES.config["cleanup.policy"] == "compact"
    assert "retention.ms" not in ANALYSES.config
    assert all("retention.ms" in topic.config for topic in TOPICS if topic is not ANALYSES)


@pytest.mark.parametrize("topic", [ANALYZED, DEAD])
def test_what_becomes_of_the_largest_execution_has_room(topic: Topic) -> None:
    assert int(topic.config["max.message.bytes"]) > int(EXECUTED.config["max.message.bytes"])
