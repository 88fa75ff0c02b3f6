"""The released schemas, as they are kept in the package with stable ids.

`released/index.json` lists every version ever released: id, subject, version. Ids are never reused. The newest
version of each subject equals what `schemas/source` says today; a test holds the two together.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, cast

import fastavro

from schemas.errors import UnknownSchemaError

_SOURCE = files("schemas.source")
_RELEASED = files("schemas") / "released"


@dataclass(frozen=True)
class RegisteredSchema:
    """A schema under the id that messages name it by."""

    schema_id: int
    subject: str
    version: int
    text: str

    @classmethod
    def of(cls, subject: str, definition: Mapping[str, Any]) -> "RegisteredSchema":
        """Return a schema that was derived here and is in no registry: id and version 0."""
        return cls(0, subject, 0, render(definition))

    @cached_property
    def definition(self) -> dict[str, Any]:
        """The schema as parsed JSON."""
        return cast("dict[str, Any]", json.loads(self.text))

    @cached_property
    def parsed(self) -> Any:
        """The schema as fastavro wants it for reading and writing."""
        return fastavro.parse_schema(self.definition)


@cache
def released() -> tuple[RegisteredSchema, ...]:
    """Every released schema, oldest first."""
    entries = json.loads((_RELEASED / "index.json").read_text("utf-8"))
    return tuple(
        RegisteredSchema(
            schema_id=entry["id"],
            subject=entry["subject"],
            version=entry["version"],
            text=(_RELEASED / entry["subject"] / f"{entry['version']}.avsc").read_text("utf-8"),
        )
        for entry in entries
    )


@cache
def by_id(schema_id: int) -> RegisteredSchema:
    """Return the released schema with this id.

    Raises:
        UnknownSchemaError: there is none.

    """
    for schema in released():
        if schema.schema_id == schema_id:
            return schema
    raise UnknownSchemaError(f"schema id {schema_id} is not among the package's released schemas")


@cache
def latest(subject: str) -> RegisteredSchema:
    """Return the newest released version of a subject.

    Raises:
        KeyError: the subject has no released version.

    """
    versions = [schema for schema in released() if schema.subject == subject]
    if not versions:
        raise KeyError(subject)
    return versions[-1]


def source(record: str) -> dict[str, Any]:
    """Return a record's schema as it is written in schemas/source, CommandAnalyzed included.

    Raises:
        FileNotFoundError: no such record.

    """
    if record == "CommandAnalyzed":
        return derive_analyzed(source("CommandExecuted"), source("AnalysisFields"))
    return cast("dict[str, Any]", json.loads((_SOURCE / f"{record}.avsc").read_text("utf-8")))


def derive_analyzed(executed: Mapping[str, Any], analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return CommandAnalyzed: all fields of CommandExecuted, then the analysis fields.

    A datum of the result is a datum of `executed` followed by a datum of `analysis`, because Avro encodes a record
    as its fields' encodings one after the other (Apache Avro specification, "Binary Encoding: Records").
    """
    return {
        "type": "record",
        "name": "CommandAnalyzed",
        "namespace": executed["namespace"],
        "doc": "A command execution with its analysis.",
        "fields": [*executed["fields"], *analysis["fields"]],
    }


def render(definition: Mapping[str, Any]) -> str:
    """Return a schema's canonical text in this project: two-space JSON, final newline."""
    return json.dumps(definition, indent=2, ensure_ascii=True) + "\n"
