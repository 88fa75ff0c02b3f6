from typing import Any

from schemas import asyncapi, catalog
from schemas.topics import TOPICS


def _resolve(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [reference for value in node.values() for reference in _references(value)]
    return [reference for value in node for reference in _references(value)] if isinstance(node, list) else []


def test_every_topic_has_its_channel_and_its_newest_schema() -> None:
    document = asyncapi.document("1.2.3")
    assert set(document["channels"]) == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        message = _resolve(document, document["channels"][topic.name]["messages"]["event"]["$ref"])
        if topic.record:
            assert message["payload"]["schema"] == catalog.latest(topic.subject).definition


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi.document("1.2.3")
    references = _references({key: value for key, value in document.items() if key != "components"})
    assert len(references) >= len(TOPICS)
    for reference in references:
        assert _resolve(document, reference)
