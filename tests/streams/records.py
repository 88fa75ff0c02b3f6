"""Records as aiokafka hands them over, made from events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas import catalog, wire
from schemas.codec import decode, encode
from schemas.event import CommandExecuted
from schemas.headers import for_execution
from streams.driver.batch import Partition, Record, RecordBatch

EXECUTED = catalog.latest("commands.executed-value")
ANALYZED = catalog.latest("commands.analyzed-value")
SOURCE = Partition("commands.executed", 3)


@dataclass(frozen=True)
class MadeRecord:
    value: bytes | None
    offset: int = 0
    timestamp: int = 1_700_000_000_000
    key: bytes | None = b"t/d"
    headers: Sequence[tuple[str, bytes]] = ()


def event(**fields: Any) -> CommandExecuted:
    defaults: dict[str, Any] = {"device_id": "r1", "os_type": "linux", "status": "OK", "exit_code": 0}
    return CommandExecuted(**defaults | fields)


def record_of(executed: CommandExecuted, offset: int = 0) -> MadeRecord:
    value = wire.frame(EXECUTED.schema_id, encode(EXECUTED, executed.record()))
    return MadeRecord(value, offset, headers=for_execution(executed))  # type: ignore[arg-type]


def batch_of(*records: Record) -> RecordBatch:
    return RecordBatch(SOURCE, records)


def analyzed_record(value: bytes) -> dict[str, Any]:
    schema_id, datum = wire.unframe(value)
    assert schema_id == ANALYZED.schema_id
    return decode(ANALYZED, datum)
