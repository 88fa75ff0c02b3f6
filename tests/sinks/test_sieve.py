"""The sieve against a real ClickHouse: what it calls bad, ClickHouse refuses as well."""

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from runtime.errors import DataError
from schemas import codec
from sinks.container import ContainerFormat, Datum
from sinks.sieve import EARLIEST, LATEST, Sieve
from sinks.store import Store
from tests.sinks.events import ANALYZED, TOPIC_ID, record

SIEVE = Sieve(ANALYZED)
FORMAT = ContainerFormat(ANALYZED)
US = timedelta(microseconds=1)


def is_taken(store: Store, datum: bytes) -> bool:
    container = FORMAT.frame(TOPIC_ID, [Datum(0, 0, datum)])
    try:
        store.insert(container, FORMAT.columns, token=os.urandom(8).hex())
    except DataError:
        return False
    return True


def id_of(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)


@pytest.mark.parametrize(
    ("fields", "good"),
    [
        ({"started_at": EARLIEST}, True),
        ({"started_at": EARLIEST - US}, False),
        ({"ended_at": LATEST - US}, True),
        ({"ended_at": LATEST}, False),
        ({"analyzed_at": datetime(9999, 1, 1, tzinfo=UTC)}, False),
        ({"event_id": id_of(LATEST - timedelta(seconds=1))}, True),
        ({"event_id": id_of(LATEST)}, False),
        ({"event_id": UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")}, True),
        ({"event_id": UUID(int=0)}, True),
    ],
)
def test_it_knows_the_limits_of_the_table(store: Store, fields: dict[str, Any], *, good: bool) -> None:
    datum = codec.encode(ANALYZED, record(**fields))
    assert (SIEVE.complaint(datum) is None) == good == is_taken(store, datum)


@pytest.mark.parametrize("place", [b"host-0", b"line 0", b"lab", b"site", b"command.failed"])
def test_text_is_utf8_wherever_it_stands(store: Store, place: bytes) -> None:
    datum = codec.encode(ANALYZED, record()).replace(place, b"\xff" * len(place), 1)
    assert SIEVE.complaint(datum) == "datum is no commands.analyzed-value version 1: a text is no UTF-8"
    assert not is_taken(store, datum)


def test_damage_that_it_sees_is_refused_and_none_of_it_quoted(store: Store) -> None:
    chance = random.Random(4)
    whole = codec.encode(ANALYZED, record(command="s3cret " * 5))
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        complaint = SIEVE.complaint(bytes(damaged))
        if complaint is not None:
            assert "s3cret" not in complaint
            assert not is_taken(store, bytes(damaged)), complaint


def test_bytes_behind_a_datum_are_passed_over(store: Store) -> None:
    datum = codec.encode(ANALYZED, record()) + b"more"
    assert SIEVE.complaint(datum) is None
    assert is_taken(store, datum)
