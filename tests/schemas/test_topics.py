"""How topics are made."""

from schemas.topics import ANALYSES, EXECUTED, TOPICS


def test_devices_clocks_decide_nothing_on_the_broker() -> None:
    assert EXECUTED.config["message.timestamp.type"] == "LogAppendTime"


def test_what_a_model_said_is_kept_for_ever() -> None:
    assert ANALYSES.config == {"cleanup.policy": "compact"}
    assert all("retention.ms" in topic.config for topic in TOPICS if topic is not ANALYSES)
