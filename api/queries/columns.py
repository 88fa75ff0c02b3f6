"""The columns of `commands` as the JSON that clients get; the table is called c."""

from api.models.command import CommandItem, StoredCommand


def _timestamp(column: str) -> str:
    return f"formatDateTime(c.{column}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')"


_EXPRESSIONS = {
    "started_at": _timestamp("started_at"),
    "ended_at": _timestamp("ended_at"),
    "analyzed_at": _timestamp("analyzed_at"),
    "fingerprint": "lower(hex(c.fingerprint))",
    "kafka": "CAST((c.kafka_partition, c.kafka_offset), 'Tuple(partition Int32, offset Int64)')",
}


def _select(names: list[str]) -> str:
    return ", ".join(f"{_EXPRESSIONS.get(name, f'c.{name}')} AS {name}" for name in names)


ITEM = _select(list(CommandItem.model_fields))
ANALYSED = _select(["os_type", "verdict", "fingerprint", "findings", "facts", "analyzed_at"])
DETAIL = _select(list(StoredCommand.model_fields))
