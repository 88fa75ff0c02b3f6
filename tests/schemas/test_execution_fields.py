"""An execution's fields as JSON objects write them."""

from typing import Any

import pytest

from schemas.execution_fields import ExecutionFields


def fields(**given: Any) -> ExecutionFields:
    return ExecutionFields(given, error=ValueError)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"status": 200}, "OK"),
        ({"status": 0}, "OK"),
        ({"status": 404}, "FAILED"),
        ({"status": "DENIED", "exit_code": 0}, "DENIED"),
        ({"exit_code": 0}, "OK"),
        ({"exit_code": 2}, "FAILED"),
        ({}, "UNKNOWN"),
    ],
)
def test_how_it_ended(given: dict[str, Any], status: str) -> None:
    assert fields(**given).status() == status


def test_an_output_that_is_a_document_becomes_its_text() -> None:
    assert fields(output={"a": "ü"}).output() == '{"a": "ü"}'
    assert fields(output="\ud800x").output() == "?x"
    assert fields().output() is None


def test_a_platform_is_an_os_type() -> None:
    assert fields(platform="ios").os_type() == "ios"
    assert fields(platform="ios", os_type="eos").os_type() == "eos"


@pytest.mark.parametrize(
    ("given", "reads", "message"),
    [
        ({"a": 1}, lambda row: row.text("a"), "`a` is no text"),
        ({"a": ""}, lambda row: row.required("a"), "`a` is missing"),
        ({"a": True}, lambda row: row.integer("a"), "`a` is no integer"),
        ({"a": {"b": 1}}, lambda row: row.texts("a"), "`a` is no object of texts"),
        ({"status": "FINE"}, lambda row: row.status(), "neither a number nor one of DENIED"),
    ],
)
def test_what_is_something_else_is_named(given: dict[str, Any], reads: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reads(fields(**given))
