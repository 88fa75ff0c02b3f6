"""Where schema ids come from: a Confluent-compatible registry, or the schemas in the package."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from schemas import catalog
from schemas.catalog import RegisteredSchema
from schemas.errors import IncompatibleSchemaError, RegistryUnavailableError, UnknownSchemaError
from schemas.topics import ANALYZED


class Registry(Protocol):
    """Ids for schemas and schemas for ids. Answers are cached: ids never change their meaning."""

    def by_id(self, schema_id: int) -> RegisteredSchema:
        """Return the schema with this id.

        Raises:
            UnknownSchemaError: there is none.
            RegistryUnavailableError: the registry did not answer.

        """

    def register(self, subject: str, text: str) -> RegisteredSchema:
        """Return the schema under its id in the subject, registering it where it is new.

        Raises:
            IncompatibleSchemaError: the subject's rules refuse it.
            RegistryUnavailableError: the registry did not answer.

        """


class PackageRegistry:
    """The released schemas of this package; knows no others and registers none."""

    def by_id(self, schema_id: int) -> RegisteredSchema:
        """Return the released schema with this id."""
        return catalog.by_id(schema_id)

    def register(self, subject: str, text: str) -> RegisteredSchema:
        """Return the released schema with this text."""
        for schema in catalog.released():
            if schema.subject == subject and schema.text == text:
                return schema
        raise IncompatibleSchemaError(
            f"this schema of {subject} was never released; release it (`netcopilot schemas release`) "
            "or set SCHEMA_REGISTRY_URL"
        )


class ConfluentRegistry:
    """A registry that speaks the Confluent Schema Registry's HTTP API.

    Credentials may stand in the URL's user-info part; they are sent as basic authentication and never shown.
    """

    def __init__(self, url: str) -> None:
        from confluent_kafka.schema_registry import SchemaRegistryClient  # noqa: PLC0415 - costs 100 ms

        parts = urlsplit(url)
        config: dict[str, Any] = {"url": urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))}
        if parts.username is not None:
            config["basic.auth.user.info"] = f"{parts.username}:{parts.password or ''}"
        self._client = SchemaRegistryClient(config)
        self._by_id: dict[int, RegisteredSchema] = {}
        self._by_text: dict[tuple[str, str], RegisteredSchema] = {}

    def by_id(self, schema_id: int) -> RegisteredSchema:
        """Return the registry's schema with this id."""
        if schema_id not in self._by_id:
            self._by_id[schema_id] = self._fetch(schema_id)
        return self._by_id[schema_id]

    def register(self, subject: str, text: str) -> RegisteredSchema:
        """Register a schema under a subject."""
        if (subject, text) not in self._by_text:
            self._by_text[subject, text] = self._register(subject, text)
        return self._by_text[subject, text]

    def _fetch(self, schema_id: int) -> RegisteredSchema:
        from confluent_kafka.schema_registry import SchemaRegistryError  # noqa: PLC0415

        try:
            schema = self._client.get_schema(schema_id)
            versions = self._client.get_schema_versions(schema_id)
        except SchemaRegistryError as error:
            if error.http_status_code == 404:
                raise UnknownSchemaError(f"schema id {schema_id} is not in the registry") from error
            raise RegistryUnavailableError(f"schema registry: {error}") from error
        except OSError as error:
            raise RegistryUnavailableError(f"schema registry: {error}") from error
        first = versions[0]
        return RegisteredSchema(schema_id, first.subject or "", first.version or 0, schema.schema_str or "")

    def _register(self, subject: str, text: str) -> RegisteredSchema:
        from confluent_kafka.schema_registry import Schema, SchemaRegistryError  # noqa: PLC0415

        schema = Schema(text, "AVRO")
        try:
            schema_id = self._client.register_schema(subject, schema)
            version = self._client.lookup_schema(subject, schema).version
        except SchemaRegistryError as error:
            if error.http_status_code in (409, 422):
                raise IncompatibleSchemaError(f"the registry refuses this schema of {subject}: {error}") from error
            raise RegistryUnavailableError(f"schema registry: {error}") from error
        except OSError as error:
            raise RegistryUnavailableError(f"schema registry: {error}") from error
        return RegisteredSchema(schema_id, subject, version or 0, text)


@cache
def open_registry(url: str | None) -> Registry:
    """Return the registry at the URL, or the package's where there is none."""
    return ConfluentRegistry(url) if url else PackageRegistry()


def analyzed_for(registry: Registry, executed: RegisteredSchema) -> RegisteredSchema:
    """Return the CommandAnalyzed schema whose leading fields are exactly those of a CommandExecuted schema.

    The newest released one that fits; else, for an agent newer than this package, one derived and registered now.

    Raises:
        IncompatibleSchemaError, RegistryUnavailableError: as Registry.register().

    """
    fields = executed.definition["fields"]
    for schema in reversed(catalog.released()):
        if schema.subject == ANALYZED.subject and schema.definition["fields"][: len(fields)] == fields:
            return registry.register(ANALYZED.subject, schema.text)
    derived = catalog.derive_analyzed(executed.definition, catalog.source("AnalysisFields"))
    return registry.register(ANALYZED.subject, catalog.render(derived))


def analysis_definition(analyzed: Mapping[str, Any], executed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of what stands in a CommandAnalyzed datum after the CommandExecuted datum."""
    return {**analyzed, "name": "AnalysisFields", "fields": analyzed["fields"][len(executed["fields"]) :]}
