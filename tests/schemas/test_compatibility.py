from collections.abc import Callable
from typing import Any

import pytest

from schemas import catalog, compatibility
from schemas.topics import TOPICS

SUBJECT = "commands.executed-value"


def changed(change: Callable[[list[dict[str, Any]]], object]) -> str:
    definition = catalog.source("CommandExecuted")
    change(definition["fields"])
    return catalog.render(definition)


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic.record], ids=lambda topic: topic.name)
def test_every_source_is_compatible_with_every_released_version(topic: Any) -> None:
    candidate = catalog.render(catalog.source(topic.record))
    assert compatibility.full_transitive(topic.subject, candidate) == []


def test_a_new_field_with_a_default_may_join() -> None:
    candidate = changed(lambda fields: fields.insert(3, {"name": "site", "type": "string", "default": ""}))
    assert compatibility.full_transitive(SUBJECT, candidate) == []


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        (lambda fields: fields.insert(3, {"name": "site", "type": "string"}), "new schema cannot read old data"),
        (lambda fields: fields[8].update(type="string", default=""), "cannot read"),
    ],
    ids=["new field without default", "long becomes string"],
)
def test_a_breaking_change_may_not(change: Callable[[list[dict[str, Any]]], object], direction: str) -> None:
    reasons = compatibility.full_transitive(SUBJECT, changed(change))
    assert any(direction in reason for reason in reasons)


def test_dropping_a_field_without_default_breaks_the_old_reader() -> None:
    old = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}]}'
    new = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}'
    assert [r.split(":")[0] for r in compatibility.incompatibilities(new, old)] == [
        "the old schema cannot read new data"
    ]
