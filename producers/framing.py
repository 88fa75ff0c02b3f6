"""From the package's schema ids to the registry's, without ever making a publisher wait."""

import threading
import time

from producers.envelope import Envelope
from runtime.log import get_logger
from schemas import catalog, wire
from schemas.errors import SchemaError
from schemas.registry import Registry

_RETRY_SECONDS = 2.0

log = get_logger(__name__)


class Framer:
    """Puts envelopes' datums into Confluent's wire format, once the registry has told the id."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._headers: dict[int, bytes] = {}
        self._lock = threading.Lock()
        self._asking: set[int] = set()

    def frame(self, envelope: Envelope) -> bytes | None:
        """Return the message value, or None while the registry has not answered; it is asked in the background."""
        header = self._headers.get(envelope.schema_id)
        if header is None:
            self._ask(envelope.schema_id)
            return None
        return header + envelope.datum

    def learn(self, schema_id: int) -> None:
        """Ask the registry now.

        Raises:
            SchemaError: the registry does not answer or refuses the schema.

        """
        schema = catalog.by_id(schema_id)
        registered = self._registry.register(schema.subject, schema.text)
        self._headers[schema_id] = wire.header(registered.schema_id)

    def _ask(self, schema_id: int) -> None:
        with self._lock:
            if schema_id in self._asking:
                return
            self._asking.add(schema_id)
        threading.Thread(target=self._ask_until_known, args=(schema_id,), name="registry", daemon=True).start()

    def _ask_until_known(self, schema_id: int) -> None:
        while True:
            try:
                self.learn(schema_id)
            except SchemaError as error:
                log.warning("schema_registry_failed", error=str(error))
                time.sleep(_RETRY_SECONDS)
            else:
                return
