"""Requests to explain, and answers of models."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from schemas.placeholders import Statement
from streams.explanation.request import ExplanationRequest

LOSS_OUTPUT = """\
PING db1.example.net (192.0.2.7) 56(84) bytes of data.
64 bytes from 192.0.2.7: icmp_seq=1 ttl=63 time=1.94 ms

--- db1.example.net ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 3004ms
"""


def loss_request(**changes: Any) -> ExplanationRequest:
    """A ping that lost packets; its fingerprint is shared."""
    fields: dict[str, Any] = {
        "tenant_id": "acme",
        "fingerprint": uuid.uuid4().bytes,
        "os_type": "linux",
        "command": "ping -c 4 db1.example.net",
        "command_template": "ping -c {n} {host}",
        "verdict": "warning",
        "summary": "75% packet loss to 192.0.2.7",
        "output": LOSS_OUTPUT,
        "rules_version": "9",
        "shared": True,
        "status": "OK",
        "exit_code": 0,
        "findings": (Statement("reachability.loss", "warning", "192.0.2.7", 5, {"loss_percent": "75"}),),
        "evidence": ((5, 5),),
        "facts": {"loss_percent": "75", "packets_sent": "4"},
        "event_id": uuid.uuid4(),
        "requested_at": datetime.now(UTC),
    }
    return ExplanationRequest(**fields | changes)


def requested_record(request: ExplanationRequest) -> dict[str, Any]:
    """The AnalysisRequested record of a request."""
    names = (
        "tenant_id", "fingerprint", "requested_at", "event_id", "os_type", "command", "command_template", "verdict",
        "summary", "output", "rules_version", "status", "exit_code", "shared",
    )  # fmt: skip
    findings = [
        {
            "kind": each.kind,
            "severity": each.severity,
            "subject": each.subject,
            "line_start": each.line,
            "line_end": each.line,
            "facts": dict(each.facts),
        }
        for each in request.findings
    ]
    return {name: getattr(request, name) for name in names} | {"facts": dict(request.facts), "findings": findings}


def answer(explanation: str = "{subject} loses {loss_percent}% of its packets.", **changes: Any) -> str:
    """A model's answer as JSON."""
    fields: dict[str, Any] = {
        "explanation": explanation,
        "likely_causes": ["A link on the way is congested."],
        "suggestions": [{"command": "traceroute {subject}", "reason": "It shows where packets get lost."}],
        "confidence": 0.7,
    }
    return json.dumps(fields | changes)


def as_published(request: ExplanationRequest) -> ExplanationRequest:
    """A request that was made here, with what the worker adds: the time and the event."""
    return replace(request, requested_at=datetime.now(UTC), event_id=uuid.uuid4())
