"""Ingest for agents without Kafka."""

from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.endpoint import Answer, Endpoint
from api.errors import ApiError, unavailable
from api.ingest.intake import read_executions, to_event
from api.ingest.message import OutgoingMessage, to_message
from api.ingest.trace import trace_id_of
from api.models.execution import Accepted, Execution
from api.services import Services, services
from runtime.errors import TransientError
from runtime.log import get_logger
from schemas.catalog import latest
from schemas.topics import EXECUTED

log = get_logger(__name__)


async def post_commands(request: Request) -> Response:
    """Take one execution or an array of them; answer once the broker has acknowledged all.

    Secrets are replaced before anything is stored. After a 503 some events may be stored all the same: repeat the
    request with the event ids of the error's details, and each event is stored once.
    """
    parts = services(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "unsupported_media_type", "send the executions as application/json")
    body = await request.body()
    messages = await run_in_threadpool(_prepare, body, parts, request.headers.get("traceparent"))
    event_ids = [message.event_id for message in messages]
    try:
        await parts.publisher.publish(messages)
    except TransientError as error:
        log.warning("ingest_failed", error=str(error), events=len(messages))
        refusal = unavailable("the broker does not take events; repeat the request with these event ids")
        refusal.details = {"event_ids": [str(event_id) for event_id in event_ids]}
        raise refusal from error
    answer = Accepted(accepted=len(event_ids), event_ids=event_ids)
    return JSONResponse(answer.model_dump(mode="json"), status_code=202)


def _prepare(body: bytes, parts: Services, traceparent: str | None) -> Sequence[OutgoingMessage]:
    trace_id, now = trace_id_of(traceparent), datetime.now(UTC)
    schema = parts.registry.register(EXECUTED.subject, latest(EXECUTED.subject).text)
    messages = []
    for execution in read_executions(body, most=parts.settings.api_ingest_events):
        event = to_event(execution, tenant=parts.settings.tenant_id, trace_id=trace_id, now=now)
        message = to_message(event, schema, traceparent=traceparent if trace_id else None)
        if len(message.value) > parts.settings.api_ingest_event_bytes:
            raise ApiError(413, "event_too_large", "an event is larger than NETCOPILOT_API_INGEST_EVENT_BYTES")
        messages.append(message)
    return messages


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/v1/commands",
        handler=post_commands,
        tag="ingest",
        summary="Hand in executions",
        body=(Execution,),
        items=(Execution,),
        answers={202: Answer(description="The broker has them.", model=Accepted)},
        errors={
            413: "The body, or an event in it, is too large.",
            415: "Not application/json.",
            422: "An event is not what the schema says.",
            503: "The broker does not answer in time.",
        },
    ),
)
