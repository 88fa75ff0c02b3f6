"""Rows a second from Kafka to visible rows: the sink, beside a consumer that decodes and inserts rows.

Starts the embedded broker and the embedded ClickHouse. The same events are written twice in the same run: by the sink
process (from the moment it knows where to read until ClickHouse counts all rows), and by a plain loop of
confluent-kafka, fastavro and clickhouse-connect's row insert into the same table and views, emptied in between. Neither
figure counts the start of a process or joining the group. Prints one JSON line; its CPU seconds (client and ClickHouse)
compare the two even on a machine that has other work.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from cli.stack.chdb import clickhouse_spec
from cli.stack.tansu import tansu_spec
from schemas import catalog, codec, wire
from schemas.event import new_event_id
from sinks.clickhouse import connect
from sinks.migrator import migrate
from sinks.settings import SinkSettings
from tests.services.process import HOST, free_port, running

_PARTITIONS = 4
_BATCH = 10_000
_ANALYZED = catalog.latest("commands.analyzed-value")
_SINK = "from sinks.main import sink_command; sink_command()"


def main() -> None:
    """Run both and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="events to write")
    parser.add_argument("--output-bytes", type=int, default=600, help="length of each event's output")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka_port, clickhouse_port = free_port(), free_port()
        with (
            running(tansu_spec(host=HOST, port=kafka_port), folder),
            running(clickhouse_spec(host=HOST, port=clickhouse_port, folder=folder / "clickhouse"), folder),
        ):
            settings = SinkSettings(
                kafka_bootstrap_servers=f"{HOST}:{kafka_port}", clickhouse_url=f"http://{HOST}:{clickhouse_port}"
            )
            print(json.dumps(_measure(settings, flags.rows, "x" * flags.output_bytes, folder / "sink.log")))


def _measure(settings: SinkSettings, rows: int, output: str, log: Path) -> dict[str, Any]:
    _fill(settings, rows, output)
    migrate(settings)
    client = connect(settings, database=settings.clickhouse_database, timeout=120)
    server = psutil.Process(_listener(settings.clickhouse_url))
    plain = _decode_and_insert(settings, client, rows, server)
    for table in ("commands", "command_stats", "devices"):
        client.command(f"TRUNCATE TABLE {table}")
    framed = _run_sink(settings, client, rows, server, log)
    return {
        "benchmark": "sink",
        "rows": rows,
        "output_bytes": len(output),
        "sink_rows_per_second": round(rows / framed.seconds),
        "decode_and_insert_rows_per_second": round(rows / plain.seconds),
        "ratio": round(plain.seconds / framed.seconds, 2),
        "sink_cpu_seconds": [round(framed.client_cpu, 2), round(framed.server_cpu, 2)],
        "decode_and_insert_cpu_seconds": [round(plain.client_cpu, 2), round(plain.server_cpu, 2)],
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_average": round(os.getloadavg()[0], 1),
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """What writing all rows took."""

    seconds: float
    client_cpu: float
    server_cpu: float


class Meter:
    """Measures from its making on."""

    def __init__(self, client: psutil.Process, server: psutil.Process) -> None:
        self._processes = (client, server)
        self._started = (time.perf_counter(), *map(_cpu, self._processes))

    def cost(self) -> Cost:
        """Return what was spent so far."""
        now = (time.perf_counter(), *map(_cpu, self._processes))
        return Cost(*(after - before for before, after in zip(self._started, now, strict=True)))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _listener(url: str) -> int:
    """Return the child process that listens on a URL's port."""
    port = int(url.rpartition(":")[2])
    for child in psutil.Process().children():
        if any(place.laddr.port == port for place in child.net_connections("tcp")):
            return child.pid
    raise RuntimeError(f"no child listens on port {port}")


def _fill(settings: SinkSettings, rows: int, output: str) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    topics = [NewTopic(settings.topic, _PARTITIONS, 1), NewTopic(settings.dead_letter_topic, 1, 1)]
    for made in admin.create_topics(topics).values():
        made.result(30)
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers, "linger.ms": 50})
    for number in range(rows):
        producer.produce(settings.topic, _value(number, output), partition=number % _PARTITIONS)
        if number % 1000 == 0:
            producer.flush()
    producer.flush()


def _value(number: int, output: str) -> bytes:
    now = datetime.now(UTC)
    record = {
        "event_id": new_event_id(),
        "device_id": f"device-{number % 500}",
        "hostname": f"device-{number % 500}",
        "sequence": number,
        "started_at": now,
        "ended_at": now,
        "os_type": "linux",
        "command": f"ping 192.0.2.{number % 250}",
        "status": "OK",
        "exit_code": 0,
        "output": output,
        "fingerprint": number.to_bytes(16, "big"),
        "verdict": "ok",
        "facts": {"loss_percent": "0"},
        "command_template": "ping {address}",
    }
    return wire.frame(_ANALYZED.schema_id, codec.encode(_ANALYZED, record))


def _decode_and_insert(settings: SinkSettings, client: Client, rows: int, server: psutil.Process) -> Cost:
    """Measure from the first message to the last acknowledged insert."""
    names = [field["name"] for field in _ANALYZED.definition["fields"]]
    batches = _consume(settings, rows)
    first = next(batches)
    meter = Meter(psutil.Process(), server)
    for batch in (first, *batches):
        records = [codec.decode(_ANALYZED, value[wire.HEADER_SIZE :]) for value in batch]
        client.insert("commands", [[record[name] for name in names] for record in records], column_names=names)
    cost = meter.cost()
    if client.command("SELECT count() FROM commands") != rows:
        raise RuntimeError("the row insert lost rows")
    return cost


def _consume(settings: SinkSettings, rows: int) -> Iterator[list[bytes]]:
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka_bootstrap_servers,
            "group.id": "benchmark",
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6000,
        }
    )
    consumer.subscribe([settings.topic])
    while rows > 0:
        values = [message.value() for message in consumer.consume(_BATCH, 1.0)]
        batch = [value for value in values if isinstance(value, bytes)]
        rows -= len(batch)
        if batch:
            yield batch
    consumer.close()


def _run_sink(settings: SinkSettings, client: Client, rows: int, server: psutil.Process, log: Path) -> Cost:
    """Measure from the moment the sink knows where to read to its last visible row."""
    environment = {
        **os.environ,
        "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers,
        "NETCOPILOT_CLICKHOUSE_URL": settings.clickhouse_url,
    }
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", _SINK], env=environment, stderr=output)
    try:
        _wait(process, lambda: b'"event": "reading"' in log.read_bytes())
        meter = Meter(psutil.Process(process.pid), server)
        _wait(process, lambda: client.command("SELECT count() FROM commands") == rows)
        return meter.cost()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    while not condition():
        if process.poll() is not None:
            raise RuntimeError(f"the sink ended with {process.returncode}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
