"""A librdkafka consumer that looks at nothing: what any work on a topic costs at least.

    python -m benchmarks.enrich.peers.reader BROKER PREFIX EVENTS

Prints what reading cost, as JSON (meter.Cost), from a tenth of the events to the last.
"""

import json
import sys
from dataclasses import asdict

import psutil
from confluent_kafka import Consumer

from benchmarks.enrich.meter import Meter
from schemas.topics import EXECUTED

BATCH = 10_000


def main(broker: str, prefix: str, events: str) -> None:
    """Read that many events."""
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": f"{prefix}reader",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([EXECUTED.named(prefix)])
    meter = Meter([psutil.Process()])
    wanted, seen = int(events), 0
    while seen < wanted:
        seen += sum(message.error() is None for message in consumer.consume(BATCH, 0.1))
        meter.look(seen, of=wanted)
    print(json.dumps(asdict(meter.cost())))
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
