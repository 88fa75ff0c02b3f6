"""How datums of one schema are framed, and looked at where they are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.errors import DataError, TransientError
from runtime.log import get_logger
from schemas import catalog
from schemas.catalog import RegisteredSchema
from schemas.errors import DatumError, RegistryUnavailableError
from schemas.registry import Registry
from schemas.topics import Topic
from sinks.container import ContainerFormat
from sinks.sieve import Sieve

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schema's datums need."""

    container_format: ContainerFormat
    columns: tuple[str, ...]
    """The container's fields that the tables of this release have columns for; ClickHouse passes over the others."""
    sieve: Sieve


class Plans:
    """Makes a plan for each schema of a topic, and remembers it. May be shared by threads."""

    def __init__(self, registry: Registry, topic: Topic) -> None:
        self._registry = registry
        self._topic = topic
        self._known = {field["name"] for field in catalog.latest(topic.subject).definition["fields"]}
        self._plans: dict[int, Plan] = {}

    def find(self, schema_id: int) -> Plan:
        """Return the plan for a schema.

        Raises:
            DataError: there is no such schema, or it is of another record.
            TransientError: the registry did not answer.

        """
        if schema_id not in self._plans:
            self._plans[schema_id] = self._make(self._fetch(schema_id))
        return self._plans[schema_id]

    def _make(self, schema: RegisteredSchema) -> Plan:
        unknown = {field["name"] for field in schema.definition["fields"]} - self._known
        if unknown:
            log.warning("fields_left_out", schema_id=schema.schema_id, fields=sorted(unknown))
        container_format = ContainerFormat(schema)
        columns = tuple(name for name in container_format.columns if name not in unknown)
        return Plan(container_format, columns, Sieve(schema))

    def _fetch(self, schema_id: int) -> RegisteredSchema:
        try:
            schema = self._registry.by_id(schema_id)
        except DatumError as error:
            raise DataError(str(error)) from error
        except RegistryUnavailableError as error:
            raise TransientError(str(error)) from error
        if _record_name(schema) != self._topic.record:
            raise DataError(f"schema id {schema_id} is {schema.subject}, no {self._topic.record}")
        return schema


def _record_name(schema: RegisteredSchema) -> str | None:
    """Return the record's name; None where it is no Avro record, for which a registry has room too."""
    try:
        definition: Any = schema.definition
    except ValueError:
        return None
    is_record = isinstance(definition, Mapping) and definition.get("type") == "record"
    return str(definition.get("name")) if is_record else None
