"""Finding the parts of executed events without decoding them."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from schemas import datum as datums
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.errors import DatumError
from schemas.registry import Registry, analyzed_for
from streams.caching.shared_cache import OutputName
from streams.driver.batch import Record
from streams.enrichment.encoding import AnalysisEncoder
from streams.enrichment.outcome import Rejected

DIGEST_SIZE = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """How events of one CommandExecuted schema become CommandAnalyzed."""

    executed: RegisteredSchema
    locator: datums.TailLocator
    header: bytes
    encoder: AnalysisEncoder


class Sighted(NamedTuple):
    """An event whose parts were found."""

    record: Record
    value: bytes
    plan: Plan
    tenant: bytes
    digest: bytes

    @property
    def output(self) -> OutputName:
        """What names its output."""
        return OutputName(self.tenant, self.digest)


class Sighter:
    """Looks at records; remembers a plan for each schema they name."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._plans: dict[bytes, Plan] = {}
        """By the header that names the schema."""

    def sight(self, record: Record) -> Sighted | Rejected:
        """Return the record's parts, or why it is no CommandExecuted.

        Raises:
            RegistryUnavailableError: its schema could not be fetched.

        """
        value = record.value
        if value is None:
            return Rejected(record, wire.TOMBSTONE)
        try:
            plan = self._plan(value)
            span = plan.locator.locate(value, wire.HEADER_SIZE)
        except DatumError as error:
            return Rejected(record, str(error))
        return Sighted(record, value, plan, span.tenant, _digest(span.tenant, value[span.tail :]))

    def _plan(self, value: bytes) -> Plan:
        header = value[: wire.HEADER_SIZE]
        plan = self._plans.get(header)
        if plan is None:
            plan = self._plans[header] = self._make_plan(self._registry.by_id(wire.schema_id_of(value)))
        return plan

    def _make_plan(self, executed: RegisteredSchema) -> Plan:
        if executed.definition.get("name") != "CommandExecuted":
            raise DatumError(f"schema id {executed.schema_id} is no CommandExecuted")
        analyzed = analyzed_for(self._registry, executed)
        return Plan(
            executed=executed,
            locator=datums.TailLocator(executed.definition),
            header=wire.header(analyzed.schema_id),
            encoder=AnalysisEncoder.between(executed, analyzed),
        )


def _digest(tenant: bytes, tail: bytes) -> bytes:
    """Return what names an output's analysis: the tenant is part of it, its length keeps the two apart."""
    return hashlib.blake2b(len(tenant).to_bytes(4, "big") + tenant + tail, digest_size=DIGEST_SIZE).digest()
