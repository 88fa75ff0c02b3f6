"""A history to replay: executions in Kafka, their rows as older rules left them, and the parts between."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from click.testing import CliRunner
from clickhouse_connect.driver.client import Client
from confluent_kafka import KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from cli.main import main
from schemas import codec, wire
from schemas.event import CommandExecuted
from schemas.headers import for_execution
from schemas.topics import ANALYZED, EXECUTED, Topic
from tests.services.reading import read_topic
from tests.streams.records import analyzed_record, event

PARTITIONS = 2
OLD_RULES = "0"
PATIENCE = 300
"""Seconds that a process may take on a busy machine."""
LOSS = """--- 10.0.0.1 ping statistics ---
4 packets transmitted, {received} received, {loss}% packet loss, time 3000ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""


def created(minutes_ago: float, number: int) -> UUID:
    """Return a UUID version 7 of that time."""
    milliseconds = int((datetime.now(UTC) - timedelta(minutes=minutes_ago)).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number)


def ping(number: int, *, minutes_ago: float = 60, **fields: Any) -> CommandExecuted:
    """Return an execution whose output shows loss where its number is odd."""
    loss = 75 if number % 2 else 0
    start = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return event(
        **{
            "event_id": created(minutes_ago, number),
            "tenant_id": "acme",
            "device_id": f"r{number % 5}",
            "sequence": number + 1,
            "agent_id": "agent",
            "started_at": start,
            "ended_at": start + timedelta(seconds=3),
            "labels": {"site": "lab"},
            "command": "ping -c4 10.0.0.1",
            "output": f"run {number % 7}\n" + LOSS.format(received=4 - loss // 25, loss=loss),
        }
        | fields
    )


@dataclass
class History:
    """Everything of a test's own."""

    kafka: str
    prefix: str
    clickhouse_url: str
    database: str
    folder: Path
    client: Client
    _ends: dict[int, int] = field(default_factory=dict)

    def execute(self, executions: Sequence[CommandExecuted]) -> None:
        """Publish executions, as agents do, to the partition of their number."""
        producer = Producer({"bootstrap.servers": self.kafka})
        for executed in executions:
            number = (executed.sequence - 1) % PARTITIONS
            headers = for_execution(executed, traceparent="00-1-2-01")
            producer.produce(EXECUTED.named(self.prefix), framed(executed), executed.key, number, headers=headers)
        assert producer.flush(30) == 0

    def spoil(self, value: bytes) -> None:
        producer = Producer({"bootstrap.servers": self.kafka})
        producer.produce(EXECUTED.named(self.prefix), value, b"acme/r0", 0)
        assert producer.flush(30) == 0

    def remember(self, executions: Sequence[CommandExecuted], *, verdict: str = "unknown") -> None:
        """Write the rows that older rules made of executions."""
        rows = [
            executed.record()
            | {
                "analyzed_at": executed.ended_at,
                "rules_version": OLD_RULES,
                "verdict": verdict,
                "cache_status": "MISS",
                "kafka_partition": (executed.sequence - 1) % PARTITIONS,
            }
            for executed in executions
        ]
        self.client.insert("commands", [list(row.values()) for row in rows], column_names=list(rows[0]))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "NETCOPILOT_KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "NETCOPILOT_KAFKA_TOPIC_PREFIX": self.prefix,
            "NETCOPILOT_CLICKHOUSE_URL": self.clickhouse_url,
            "NETCOPILOT_CLICKHOUSE_DATABASE": self.database,
            "NETCOPILOT_REPLAY_DIR": str(self.folder / "replays"),
            "NETCOPILOT_REPLAY_PROCESSES": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `netcopilot replay`."""
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", "replay", *arguments],
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run `netcopilot replay --json` to its end and return its report."""
        process = self.start("--json", *arguments)
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, errors
        report: dict[str, Any] = json.loads(output)
        return report

    def refuse(self, *arguments: str, code: int) -> str:
        """Run `netcopilot replay` where it ends without a report; return what it says."""
        process = self.start(*arguments)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, errors
        return errors

    def read(self, topic: Topic = ANALYZED) -> list[Message]:
        return read_topic(self.kafka, topic.named(self.prefix))

    def published(self) -> list[dict[str, Any]]:
        """Return the records of commands.analyzed."""
        return [analyzed_record(_value(message)) for message in self.read()]

    def sink(self) -> None:
        """Write everything of commands.analyzed to ClickHouse, by the sink's own code."""
        from runtime.topic_identity import TopicIdentity
        from sinks.container import ContainerFormat, Datum
        from sinks.store import Store
        from tests.sinks import events

        topic = ANALYZED.named(self.prefix)
        topic_id = TopicIdentity(AdminClient({"bootstrap.servers": self.kafka}), topic, timeout=10).current()
        container_format, store = ContainerFormat(events.ANALYZED), Store(self.client)
        ends: dict[int, int] = {}
        for message in self.read():
            number, offset = message.partition() or 0, message.offset() or 0
            ends[number] = offset + 1
            if offset < self._ends.get(number, 0):
                continue
            data = container_format.frame(topic_id, [Datum(number, offset, _value(message)[wire.HEADER_SIZE :])])
            store.insert(data, container_format.columns, token=f"{self.prefix}{number}/{offset}")
        store.keep_offsets(topic_id, ends)
        self._ends = ends

    def expire(self, firsts: dict[int, int]) -> bool:
        """Delete what stands before offsets; return False where the broker cannot."""
        admin = AdminClient({"bootstrap.servers": self.kafka})
        topic = EXECUTED.named(self.prefix)
        places = [TopicPartition(topic, number, first) for number, first in firsts.items()]
        try:
            for deletion in admin.delete_records(places, request_timeout=10).values():
                deletion.result(15)
        except KafkaException:
            return False
        return True

    def verify(self) -> dict[str, Any]:
        """Return what `netcopilot verify` says."""
        environment = self.environment | {"NETCOPILOT_WORKER_GROUP": f"{self.prefix}worker"}
        result = CliRunner(env=environment).invoke(main, ["verify", "--json", "--grace", "0"])
        report: dict[str, Any] = json.loads(result.stdout)
        return report

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.client.query(query).result_rows]

    def verdicts(self) -> dict[str, int]:
        """Return what readers of the history see, by verdict."""
        return dict(self.ask("SELECT verdict, count() FROM commands FINAL GROUP BY verdict"))

    def counted(self) -> dict[str, int]:
        """Return what the statistics say, by verdict."""
        return dict(self.ask("SELECT verdict, sum(commands) FROM command_counts GROUP BY verdict"))

    def kill(self, process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
        process.send_signal(number)
        return process.communicate(timeout=PATIENCE)


def framed(executed: CommandExecuted) -> bytes:
    from tests.streams.records import EXECUTED as SCHEMA

    return wire.frame(SCHEMA.schema_id, codec.encode(SCHEMA, executed.record()))


def _value(message: Message) -> bytes:
    value = message.value()
    assert isinstance(value, bytes)
    return value
