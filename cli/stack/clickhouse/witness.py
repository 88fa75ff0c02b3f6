"""Whether an insert went as well as the engine's library says.

A streamed insert of chDB (26.9) tells what goes wrong while it parses the rows, and nothing of what goes wrong after
that: a constraint, a view, the memory limit, a full disk. The engine itself counts failed inserts, and keeps the last
text of each kind of error beside the id of its query.
"""

from cli.stack.clickhouse.engine import Engine
from cli.stack.clickhouse.errors import UNKNOWN_EXCEPTION, ClickHouseError, server_error

_FAILURES = "SELECT toUInt32(sum(value)) FROM system.events WHERE event = 'FailedInsertQuery'"
_ERROR = (
    "SELECT code, name, last_error_message FROM system.errors "
    "WHERE query_id = {query_id:String} ORDER BY last_error_time DESC LIMIT 1"
)


class Witness:
    """Watches one insert: made before it, told while it is open, asked when it says that it is done."""

    def __init__(self, engine: Engine, query_id: str) -> None:
        self._engine = engine
        self._query_id = query_id
        self._engine_id: str | None = None
        self._failures = self._count()

    def note_open(self) -> None:
        """Note under which id the engine runs the insert."""
        self._engine_id = self._engine.engine_id(self._query_id)

    def testify(self) -> None:
        """Return where no insert has failed meanwhile.

        Raises:
            ClickHouseError: this one has; or one beside it, and whether this one did as well cannot be told.

        """
        if self._count() != self._failures:
            raise self._error()

    def _error(self) -> ClickHouseError:
        for code, name, message in self._engine.rows(_ERROR, {"query_id": self._engine_id or ""}):
            return server_error(code, name, message)
        message = "An insert beside this one failed, and this one may have: send it again."
        return server_error(UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", message)

    def _count(self) -> int:
        ((failures,),) = self._engine.rows(_FAILURES, {})
        return int(failures)
