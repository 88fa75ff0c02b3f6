import pytest

from schemas import catalog
from schemas.errors import IncompatibleSchemaError, UnknownSchemaError
from schemas.registry import PackageRegistry, analyzed_for, open_registry


def test_without_a_url_the_package_is_the_registry() -> None:
    registry = open_registry(None)
    newest = catalog.latest("commands.executed-value")
    assert registry.by_id(newest.schema_id) is newest
    assert registry.register(newest.subject, newest.text) is newest
    with pytest.raises(UnknownSchemaError):
        registry.by_id(999)


def test_the_package_registers_nothing_new() -> None:
    with pytest.raises(IncompatibleSchemaError, match="never released"):
        PackageRegistry().register("commands.executed-value", '"string"')


def test_the_analyzed_schema_of_a_released_executed_one_is_released_too() -> None:
    executed = catalog.latest("commands.executed-value")
    assert analyzed_for(PackageRegistry(), executed) is catalog.latest("commands.analyzed-value")


def test_an_executed_schema_newer_than_this_package_needs_a_real_registry() -> None:
    definition = catalog.source("CommandExecuted")
    definition["fields"].insert(0, {"name": "site", "type": "string", "default": ""})
    newer = catalog.RegisteredSchema.of("commands.executed-value", definition)
    with pytest.raises(IncompatibleSchemaError, match="SCHEMA_REGISTRY_URL"):
        analyzed_for(PackageRegistry(), newer)
