"""CloudEvents 1.0 attributes as Kafka headers (Kafka protocol binding, binary content mode), and W3C trace context."""

from schemas.event import CommandExecuted

Headers = list[tuple[str, str | bytes | None]]
"""As confluent-kafka takes them; this project writes bytes only."""

EXECUTED_TYPE = ("ce_type", b"netcopilot.command.executed")
ANALYZED_TYPE = ("ce_type", b"netcopilot.command.analyzed")
REPLAY = "ce_replay"
"""Header of an event that was analysed again, its value the replay's id: it is history, and no news."""


def for_execution(event: CommandExecuted, *, traceparent: str | None = None) -> Headers:
    """Return the headers of a CommandExecuted message; ce_type stands first, so that it is cheap to replace."""
    headers: Headers = [
        EXECUTED_TYPE,
        ("ce_specversion", b"1.0"),
        ("ce_id", str(event.event_id).encode()),
        ("ce_source", f"/tenants/{event.tenant_id}/agents/{event.agent_id}".encode()),
        ("ce_time", event.ended_at.isoformat().encode()),
        ("content-type", b"application/avro"),
    ]
    if traceparent:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def is_replayed(headers: Headers) -> bool:
    """Return whether a message's headers say that its event was analysed again."""
    return any(name == REPLAY for name, _ in headers)
