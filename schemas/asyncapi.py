"""The topics as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0)."""

from typing import Any

from schemas import catalog
from schemas.topics import TOPICS, Topic

AVRO = "application/vnd.apache.avro;version=1.9.0"

_CLOUDEVENTS = {
    "type": "object",
    "properties": {
        "ce_id": {"type": "string", "description": "The event_id."},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "description": "/tenants/{tenant_id}/agents/{agent_id}"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_replay": {"type": "string", "description": "Of an event analysed again: the replay's id. No news."},
        "traceparent": {"type": "string", "description": "W3C trace context, where there is one."},
    },
}
_DEAD_LETTER = {
    "type": "object",
    "properties": {
        f"dlq.{name}": {"type": "string"} for name in ("reason", "stage", "topic", "partition", "offset", "time")
    },
    "required": ["dlq.reason", "dlq.stage", "dlq.topic", "dlq.partition", "dlq.offset", "dlq.time"],
}
_OPERATIONS = {
    "publishExecution": ("send", "commands.executed", "Device agents publish every command execution."),
    "analyzeExecution": ("receive", "commands.executed", "Stream workers read executions."),
    "publishAnalysis": ("send", "commands.analyzed", "Stream workers publish them with their analysis."),
    "storeAnalysis": ("receive", "commands.analyzed", "Sinks write them to ClickHouse; the API shows them live."),
    "publishDeadLetter": ("send", "commands.dead", "Workers and sinks set aside what cannot be processed."),
}


def document(version: str) -> dict[str, Any]:
    """Return the AsyncAPI document of all topics with the newest released schemas; `version` is the platform's."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "netcopilot",
            "version": version,
            "description": "Command executions of network devices and hosts as a stream of Avro events.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/vnd.apache.avro",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {
            name: {
                "action": action,
                "channel": {"$ref": f"#/channels/{channel}"},
                "summary": summary,
            }
            for name, (action, channel, summary) in _OPERATIONS.items()
        },
        "components": {"messages": {topic.name: _message(topic) for topic in TOPICS}},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.description,
        "messages": {"event": {"$ref": f"#/components/messages/{topic.name}"}},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": "0.5.0"}},
    }


def _message(topic: Topic) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": topic.record or "DeadLetter",
        "title": topic.description,
        "headers": _CLOUDEVENTS if topic.record else _DEAD_LETTER,
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": "0.5.0"}},
    }
    if topic.record:
        message["payload"] = {"schemaFormat": AVRO, "schema": catalog.latest(topic.subject).definition}
    return message
