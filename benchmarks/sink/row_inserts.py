"""The textbook: confluent-kafka, fastavro and clickhouse-connect's insert of rows, 10,000 at once."""

from collections.abc import Iterator

import psutil
from confluent_kafka import Consumer

from benchmarks.sink.events import SCHEMA
from benchmarks.sink.meter import Cost, Meter
from benchmarks.sink.stage import Backlog, Stage
from schemas import codec, wire

_BATCH = 10_000


def insert_rows(stage: Stage, backlog: Backlog) -> Cost:
    """Measure from the first message to the last acknowledged insert."""
    names = [field["name"] for field in SCHEMA.definition["fields"]]
    batches = _batches(backlog)
    first = next(batches)
    meter = Meter(psutil.Process(), stage.engine)
    for batch in (first, *batches):
        records = [codec.decode(SCHEMA, value[wire.HEADER_SIZE :]) for value in batch]
        stage.client.insert("commands", [[record[name] for name in names] for record in records], column_names=names)
    return meter.cost(backlog.rows)


def _batches(backlog: Backlog) -> Iterator[list[bytes]]:
    consumer = Consumer(
        {
            "bootstrap.servers": backlog.settings.kafka_bootstrap_servers,
            "group.id": "row-inserts",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([backlog.settings.topic])
    missing = backlog.rows
    while missing > 0:
        values = [message.value() for message in consumer.consume(_BATCH, 1.0)]
        batch = [value for value in values if isinstance(value, bytes)]
        missing -= len(batch)
        if batch:
            yield batch
    consumer.close()
