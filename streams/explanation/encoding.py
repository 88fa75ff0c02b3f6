"""Requests and explanations as message values."""

from collections.abc import Mapping
from typing import Any, Final

from schemas import wire
from schemas.catalog import RegisteredSchema, latest
from schemas.codec import decode, encode
from schemas.registry import Registry
from schemas.topics import ANALYSES
from streams.explanation.explanation import Explanation
from streams.explanation.request import ExplanationRequest, request_of

_FIELDS_ADDED: Final[Mapping[str, Any]] = {"status": "UNKNOWN", "exit_code": None, "shared": False, "findings": []}
"""What requests of version 1 lack, with the schema's defaults."""


class Encoding:
    """Between Kafka's bytes and values, by the registry's ids."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._analysis: RegisteredSchema | None = None

    def request(self, value: bytes | None) -> ExplanationRequest:
        """Return the request that a message holds.

        Raises:
            DatumError, UnknownSchemaError: it holds none.
            RegistryUnavailableError: its schema is not known yet, and the registry does not answer.

        """
        schema_id, datum = wire.unframe(value)
        record = decode(self._registry.by_id(schema_id), datum)
        return request_of({**_FIELDS_ADDED, **record})

    def explanation(self, explanation: Explanation) -> bytes:
        """Return the value of an explanation's message.

        Raises:
            RegistryUnavailableError, IncompatibleSchemaError: as Registry.register().

        """
        if self._analysis is None:
            self._analysis = self._registry.register(ANALYSES.subject, latest(ANALYSES.subject).text)
        return wire.frame(self._analysis.schema_id, encode(self._analysis, explanation.record()))
