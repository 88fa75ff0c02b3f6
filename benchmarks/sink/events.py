"""Analysed executions: a fleet's pings and file systems, as the workers publish them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from schemas import catalog, codec, wire
from schemas.event import CommandExecuted, output_digest
from schemas.topics import ANALYZED
from streams.analysis import Engine, Execution
from streams.analysis.analysis import Analysis

SCHEMA: Final = catalog.latest(ANALYZED.subject)
DEVICES: Final = 500
_OUTPUTS: Final = 500
_BETWEEN_EVENTS: Final = timedelta(microseconds=300)
_TYPED_SHARE: Final = 10
"""One event of so many was typed by a person, the others come from watchlists."""


def values(count: int, *, output_bytes: int, seed: int = 1) -> Iterator[bytes]:
    """Yield framed CommandAnalyzed values whose outputs have about `output_bytes` each."""
    random = Random(seed)
    seen = [_seen(random, output_bytes) for _ in range(_OUTPUTS)]
    begin = datetime.now(UTC)
    for number in range(count):
        execution, analysis = random.choice(seen)
        record = {
            **_executed(execution, number, begin + number * _BETWEEN_EVENTS).record(),
            **_analyzed(analysis, begin + number * _BETWEEN_EVENTS),
        }
        yield wire.frame(SCHEMA.schema_id, codec.encode(SCHEMA, record))


def _seen(random: Random, output_bytes: int) -> tuple[Execution, Analysis]:
    command, output = random.choice((_ping, _df))(random, output_bytes)
    execution = Execution("default", "linux", command, "OK", 0, output)
    return execution, Engine().analyze(execution, deadline=10.0)


def _ping(random: Random, output_bytes: int) -> tuple[str, str]:
    address = f"192.0.2.{random.randrange(250)}"
    times = [random.uniform(0.2, 9.0) for _ in range(max(1, (output_bytes - 200) // 56))]
    count, lost = len(times), random.choice((0, 0, 0, 1))
    sent = f"{count + lost} packets transmitted, {count} received, {100 * lost // (count + lost)}% packet loss"
    lines = [
        f"PING {address} ({address}) 56(84) bytes of data.",
        *(f"64 bytes from {address}: icmp_seq={n} ttl=62 time={time:.2f} ms" for n, time in enumerate(times, 1)),
        f"\n--- {address} ping statistics ---",
        f"{sent}, time {count * 1001}ms",
        f"rtt min/avg/max/mdev = {min(times):.3f}/{sum(times) / count:.3f}/{max(times):.3f}/0.412 ms\n",
    ]
    return f"ping -c {count + lost} {address}", "\n".join(lines)


def _df(random: Random, output_bytes: int) -> tuple[str, str]:
    lines = ["Filesystem     1K-blocks      Used Available Use% Mounted on"]
    for number in range(max(1, (output_bytes - 60) // 70)):
        size, share = random.randrange(10**6, 10**8), random.randrange(10, 99)
        used = size * share // 100
        lines.append(f"/dev/sd{number:02}      {size:9d} {used:9d} {size - used:9d} {share:3d}% /srv/data{number}")
    return "df", "\n".join(lines) + "\n"


def _executed(execution: Execution, number: int, at: datetime) -> CommandExecuted:
    typed = number % _TYPED_SHARE == 0
    return CommandExecuted(
        device_id=f"device-{number % DEVICES}",
        hostname=f"device-{number % DEVICES}.example.net",
        agent_id=f"agent-{number % DEVICES}",
        agent_version="0.4.0",
        user_id=f"user-{number % 7}" if typed else "",
        session_id=f"session-{number % 70}" if typed else None,
        sequence=number,
        started_at=at,
        ended_at=at + timedelta(milliseconds=3),
        duration_us=3_000,
        labels={"site": f"site-{number % 20}", "role": "edge"},
        redaction_version="1",
        output_bytes=len(execution.output),
        output_sha256=output_digest(execution.output),
        os_type=execution.os_type,
        command=execution.command,
        status="OK",
        exit_code=execution.exit_code,
        output=execution.output,
    )


def _analyzed(analysis: Analysis, at: datetime) -> dict[str, Any]:
    return {
        "analyzed_at": at + timedelta(milliseconds=9),
        "analysis_latency_us": 6_000,
        "cache_status": "HIT_OUTPUT",
        "fingerprint": analysis.fingerprint,
        "parser": analysis.parser,
        "parser_version": analysis.parser_version,
        "parse_status": str(analysis.parse_status),
        "rules_version": analysis.rules_version,
        "verdict": str(analysis.verdict),
        "summary": analysis.summary,
        "findings": [finding.record() | {"source": "RULE"} for finding in analysis.findings],
        "facts": analysis.facts,
        "command_template": analysis.command_template,
    }
