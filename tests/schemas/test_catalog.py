import pytest

from schemas import catalog, compatibility
from schemas.errors import UnknownSchemaError
from schemas.topics import TOPICS


def test_every_source_is_released() -> None:
    assert not [
        topic.name for topic in TOPICS if topic.record and compatibility.unreleased(topic.subject, topic.record)
    ]


def test_ids_and_versions_are_unique_and_versions_count_up() -> None:
    schemas = catalog.released()
    assert len({schema.schema_id for schema in schemas}) == len(schemas)
    for subject in {schema.subject for schema in schemas}:
        versions = [schema.version for schema in schemas if schema.subject == subject]
        assert versions == list(range(1, len(versions) + 1))


def test_every_field_has_a_default_and_every_enum_begins_with_unknown() -> None:
    for schema in catalog.released():
        for field in schema.definition["fields"]:
            assert "default" in field, f"{schema.subject}.{field['name']}"
            kind = field["type"]
            if isinstance(kind, dict) and kind["type"] == "enum":
                assert kind["symbols"][0].upper() == "UNKNOWN" == kind["default"].upper()


def test_an_analyzed_event_is_an_executed_one_and_then_its_analysis() -> None:
    executed = catalog.latest("commands.executed-value").definition["fields"]
    analyzed = catalog.latest("commands.analyzed-value").definition["fields"]
    assert analyzed[: len(executed)] == executed
    assert analyzed[len(executed) :] == catalog.source("AnalysisFields")["fields"]


def test_unknown_ids_and_subjects_are_errors() -> None:
    with pytest.raises(UnknownSchemaError, match="4711"):
        catalog.by_id(4711)
    with pytest.raises(KeyError):
        catalog.latest("nothing-value")
