"""Twelve kinds of messages that no agent should send.

Ten are bad: they can be no row, and become dead letters. Two look bad and are not: an output of five megabytes and one
that is nothing but opening brackets are outputs; where the broker takes the message, they are to be seen whole. (Agents
cut outputs at their own limit.) A clock that runs some years ahead makes no event bad either; one that is a century
ahead does, because the tables cannot count such minutes.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from schemas import catalog, codec, wire
from schemas.catalog import RegisteredSchema
from schemas.event import new_event_id

EXECUTED: Final = catalog.latest("commands.executed-value")
ANALYZED: Final = catalog.latest("commands.analyzed-value")
_REQUESTED: Final = catalog.latest("analyses.requested-value")
_UNKNOWN_SCHEMA: Final = 99_999
_LARGE: Final = 5_000_000
_DEEP: Final = 100_000
_CENTURY: Final = datetime(2126, 11, 23, tzinfo=UTC)
_OUTPUT: Final = """PING 192.0.2.{host} (192.0.2.{host}) 56(84) bytes of data.
64 bytes from 192.0.2.{host}: icmp_seq=1 ttl=64 time=0.310 ms
64 bytes from 192.0.2.{host}: icmp_seq=2 ttl=64 time=0.290 ms
64 bytes from 192.0.2.{host}: icmp_seq=3 ttl=64 time=0.300 ms

--- 192.0.2.{host} ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
rtt min/avg/max/mdev = 0.290/0.300/0.310/0.008 ms
"""
_HOSTS: Final = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to be bad, or to look so."""

    name: str
    make: Callable[[RegisteredSchema, int], bytes | None]
    """Given the topic's schema and a number that names the event, returns the message's value."""
    is_bad: bool = True
    is_large: bool = False


def good(schema: RegisteredSchema, number: int, **fields: Any) -> bytes:
    """Return an event as an agent sends it, or, under the other schema, as the worker does."""
    return wire.frame(schema.schema_id, codec.encode(schema, _record(number) | fields))


def _record(number: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    host = number % _HOSTS
    return {
        "event_id": new_event_id(),
        "device_id": f"device-{host}",
        "hostname": f"host-{host}",
        "agent_id": "poison",
        "sequence": number,
        "started_at": now,
        "ended_at": now,
        "os_type": "linux",
        "command": f"ping -c 3 192.0.2.{host}",
        "status": "OK",
        "exit_code": 0,
        "output": _OUTPUT.format(host=host),
        "fingerprint": number.to_bytes(16, "big"),
    }


def _truncated(schema: RegisteredSchema, number: int) -> bytes:
    whole = good(schema, number)
    return whole[: len(whole) * 2 // 3]


def _bad_uuid(schema: RegisteredSchema, number: int) -> bytes:
    whole = good(schema, number)
    return whole[:6] + b"z" * 36 + whole[42:]


def _bad_utf8(schema: RegisteredSchema, number: int) -> bytes:
    return good(schema, number).replace(b"host-", b"\xff\xfe\xfd--", 1)


def _wrong_type(schema: RegisteredSchema, number: int) -> bytes:
    other = {"tenant_id": "default", "device_id": f"device-{number}", "fingerprint": number.to_bytes(16, "big")}
    return wire.frame(schema.schema_id, codec.encode(_REQUESTED, other))


def _random(schema: RegisteredSchema, number: int) -> bytes:
    return wire.frame(schema.schema_id, random.Random(number).randbytes(300))


KINDS: Final = (
    Kind("truncated datum", _truncated),
    Kind("unknown schema id", lambda schema, number: wire.header(_UNKNOWN_SCHEMA) + good(schema, number)[5:]),
    Kind("wrong magic byte", lambda schema, number: b"\x07" + good(schema, number)[1:]),
    Kind("bad UUID", _bad_uuid),
    Kind("invalid UTF-8", _bad_utf8),
    Kind("empty", lambda _schema, _number: b""),
    Kind("wrong type", _wrong_type),
    Kind("future timestamp", lambda schema, number: good(schema, number, started_at=_CENTURY)),
    Kind("null value", lambda _schema, _number: None),
    Kind("random bytes", _random),
    Kind("deep nesting", lambda schema, number: good(schema, number, output="[" * _DEEP), is_bad=False, is_large=True),
    Kind(
        "5 MB output",
        lambda schema, number: good(schema, number, output=f"{number}\n" * (_LARGE // len(f"{number}\n"))),
        is_bad=False,
        is_large=True,
    ),
)
BY_NAME: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KINDS}
