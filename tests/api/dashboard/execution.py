"""Executions in the API's shape, made from outputs that real devices gave."""

import hashlib
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import uuid_utils

from tests.api.dashboard.corpora import recorded_outputs

Execution = dict[str, Any]

SEVERITIES = ("unknown", "ok", "info", "warning", "critical")

# What to look for in which command's output: kind, severity, pattern with the subject and the fact's value.
_SIGNS = [
    ("ping", "reachability.loss", "critical", r"(?P<loss_percent>100)% packet loss"),
    ("ping", "reachability.loss", "warning", r" (?P<loss_percent>[1-9]\d?)% packet loss"),
    (
        "bgp summary",
        "bgp.session_down",
        "critical",
        r"^\s*(?P<subject>\d+\.\S+) .*\b(?P<state>Active|Idle)\b(?! \(Admin)",
    ),
    (
        "show interfaces?$",
        "interface.down",
        "warning",
        r"^(?P<subject>\S+\d) is (?P<state>down)\b(?!.*dministratively)",
    ),
    ("show interfaces?$", "interface.admin_down", "info", r"^(?P<subject>\S+) is (?P<state>administratively down)"),
    ("environment power", "environment.fault", "critical", r"^(?P<subject>\d\w) .*(?P<state>No Input Power)"),
    ("environment power", "environment.fault", "info", r"^(?P<subject>\d\w) +(?P<state>Not Present)"),
    ("traceroute", "path.incomplete", "warning", r"^\s*(?P<subject>30)  \* \* \*"),
    ("df ", "disk.usage", "warning", r"\b(?P<use_percent>8[5-9]|9[0-4])% (?P<subject>/\S*)"),
    ("ip neigh", "neighbor.unreachable", "warning", r"^(?P<subject>\S+) .*(?P<state>FAILED|INCOMPLETE)"),
]

_PLATFORMS = {
    "cisco_ios": "ios",
    "cisco_nxos": "nxos",
    "arista_eos": "eos",
    "juniper_junos": "junos",
    "alcatel_sros": "sros",
}
_CHOSEN = [
    (
        "ntc_templates",
        "platform",
        _PLATFORMS,
        re.compile(r"ping|show (ip bgp sum|interfaces?$|environment power|ip ospf nei|version|ip route$|vlan)"),
    ),
    (
        "jc",
        "os_type",
        {"centos-7.7": "linux", "ubuntu-18.04": "linux"},
        re.compile(r"ping|traceroute|df|free|uptime|ss"),
    ),
    ("suzieq", "os_type", {"linux": "linux"}, re.compile(r"ip neigh show|timedatectl|df -hT|cat /proc/net/dev")),
]
_HOSTS = {
    "ios": ("access-sw07", "access-sw12", "edge-rtr02"),
    "nxos": ("dc1-spine01", "dc1-spine02"),
    "eos": ("dc1-leaf01", "dc1-leaf02", "dc1-leaf03"),
    "junos": ("core-mx01",),
    "sros": ("pe-north01",),
    "linux": ("jump01", "collector02", "build-agent-3"),
}
_USERS = ("agent", "mara.lind", "t.okafor", "noc-shift")


def recorded_executions(now: datetime, total: int = 160) -> list[Execution]:
    """Return executions of the last day, newest first; the same ones for the same `now`."""
    chance = random.Random(7)
    outputs = list(_outputs())
    chance.shuffle(outputs)
    moments = sorted(
        (now - timedelta(seconds=40 + 86_000 * chance.random() ** 2.4) for _ in range(total)), reverse=True
    )
    chosen = (outputs * (1 + total // len(outputs)))[:total]
    return [
        execution(
            command,
            output,
            os_type=os_type,
            hostname=chance.choice(_HOSTS[os_type]),
            at=moment,
            user=chance.choice(_USERS),
        )
        for (os_type, command, output), moment in zip(chosen, moments, strict=True)
    ]


def execution(
    command: str,
    output: str,
    *,
    os_type: str = "linux",
    hostname: str = "jump01",
    user: str = "mara.lind",
    at: datetime | None = None,
    exit_code: int | None = 0,
    verdict: str | None = None,
) -> Execution:
    """Return one execution as `GET /v1/commands/{event_id}` gives it."""
    started = at or datetime.now(UTC)
    chance = random.Random(f"{command}{output}{hostname}")
    duration = timedelta(microseconds=int(10 ** chance.uniform(3.2, 6.6)))
    findings = _findings(command, output)
    understood = len(output) < 4000
    default = "ok" if understood else "unknown"
    worst = max((found["severity"] for found in findings), key=SEVERITIES.index, default=default)
    return {
        "event_id": str(uuid_utils.uuid7(nanoseconds=int(started.timestamp() * 1e9))),
        "tenant_id": "default",
        "device_id": hostname,
        "hostname": hostname,
        "agent_id": f"{hostname}-agent",
        "user_id": user,
        "session_id": None,
        "sequence": 1,
        "started_at": _timestamp(started),
        "ended_at": _timestamp(started + duration),
        "duration_us": duration // timedelta(microseconds=1),
        "os_type": os_type,
        "command": command,
        "status": "OK" if exit_code == 0 else "FAILED",
        "exit_code": exit_code,
        "verdict": verdict or worst,
        "summary": _summary(findings, output),
        "findings": findings,
        "cache_status": chance.choice(["MISS", "HIT_OUTPUT", "HIT_OUTPUT"]),
        "analysis_latency_us": chance.randrange(900, 38_000),
        "output_bytes": len(output.encode()),
        "output_truncated": False,
        "redactions": 0,
        "labels": {"site": hostname.partition("-")[0]},
        "output": output,
        "facts": findings[0]["facts"] if findings else {},
        "fingerprint": hashlib.sha256(output.encode()).hexdigest()[:32],
        "parser": "ntc/" + command.replace(" ", "_") if os_type != "linux" else "jc/" + command.partition(" ")[0],
        "parser_version": "9.3.0",
        "parse_status": "PARSED" if understood else "UNPARSED",
        "rules_version": "2026.11.1",
        "command_template": command,
        "analyzed_at": _timestamp(started + duration),
        "output_sha256": hashlib.sha256(output.encode()).hexdigest(),
        "trace_id": None,
        "agent_version": "0.1.0",
        "redaction_version": "1",
        "kafka": {"partition": 0, "offset": 1},
        "explanation": explanation("none"),
    }


def explanation(status: str, **given: Any) -> dict[str, Any]:
    """Return an explanation as the API gives it; what is not given is what it is without words."""
    return {
        "status": status,
        "text": None,
        "likely_causes": [],
        "suggestions": [],
        "model": None,
        "prompt_version": None,
        "confidence": None,
        "created_at": None,
        "source": "LLM",
        **given,
    }


def explained(**given: Any) -> dict[str, Any]:
    """Return what a model said."""
    words = {
        "text": "192.0.2.1 answers one of four requests: something on the way drops packets.",
        "likely_causes": ["A link on the way is full", "192.0.2.1 limits how often it answers"],
        "suggestions": [
            {"command": "traceroute 192.0.2.1", "reason": "Shows where packets are lost", "risk": "READ_ONLY"},
            {"command": "ip link set eth0 down", "reason": "Forces the other path", "risk": "APPROVAL_REQUIRED"},
        ],
        "model": "SmolLM2-135M",
        "prompt_version": "1",
        "confidence": 0.4,
        "created_at": "2026-01-31T12:00:00.000000Z",
    }
    return explanation("explained", **{**words, **given})


def finding(kind: str, severity: str, line: int, evidence: str, **facts: str) -> dict[str, Any]:
    """Return a finding on one line; a fact named `subject` is its subject."""
    subject = facts.pop("subject", "")
    place = {"line_start": line, "line_end": line}
    return {
        "kind": kind,
        "severity": severity,
        "subject": subject,
        "evidence": evidence,
        **place,
        "facts": facts,
        "source": "RULE",
    }


def _outputs() -> Iterator[tuple[str, str, str]]:
    """Yield os type, command and output of short recordings of common commands; those with findings several times."""
    for corpus, field, os_types, commands in _CHOSEN:
        for row in recorded_outputs(corpus):
            os_type = os_types.get(row[field])
            if os_type and commands.match(row["command"]) and len(row["output"]) < 6000:
                weight = 4 if _findings(row["command"], row["output"]) else 1
                yield from [(os_type, row["command"], row["output"])] * weight


def _findings(command: str, output: str) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(output.split("\n"), start=1):
        for commands, kind, severity, pattern in _SIGNS:
            match = re.search(commands, command) and re.search(pattern, line)
            if match:
                found.append(finding(kind, severity, number, line.strip(), **match.groupdict()))
    return found[:50]


def _summary(findings: list[dict[str, Any]], output: str) -> str:
    if not findings:
        return f"{len(output.splitlines())} lines, nothing to report"
    first = findings[0]
    facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in first["facts"].items())
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first['subject'] or first['kind']}: {facts}{more}"


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
