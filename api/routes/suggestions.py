"""What to type next."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import metrics
from api.endpoint import Answer, Endpoint
from api.models.suggestion import SuggestionContext, Suggestions
from api.models.suggestion_query import SuggestionParameters
from api.parameters import read_parameters
from api.services import services
from api.suggestions.adviser import Adviser


async def list_suggestions(request: Request) -> Response:
    """Return commands worth typing next, the likeliest first.

    They come from what people did next in their sessions: after the same command with the same verdict, else after the
    same command, else on the same kind of system; recent runs weigh more, and what fails weighs less. What fewer people
    typed than the API's settings demand, what is mostly denied and what destroys is left out. A model's suggestions for
    the fingerprint at hand stand among them, marked. Without any history there is a short built-in list.
    """
    asked = read_parameters(SuggestionParameters, request.query_params)
    parts = services(request)
    adviser = Adviser(parts.database, parts.settings)
    situation = await adviser.situation(asked)
    items = (await adviser.suggestions(situation, today=datetime.now(UTC).date()))[: asked.limit]
    for item in items:
        metrics.SUGGESTIONS.labels(item.why).inc()
    context = SuggestionContext(
        os_type=situation.os_type,
        after=situation.after or None,
        verdict=situation.verdict or None,
        fingerprint=situation.fingerprint or None,
    )
    return JSONResponse(Suggestions(context=context, items=items).model_dump(mode="json"))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/v1/suggestions",
        handler=list_suggestions,
        tag="suggestions",
        summary="Suggest next commands",
        query=SuggestionParameters,
        answers={200: Answer(description="Suggestions, and what they are for.", model=Suggestions)},
        errors={
            404: "The device or execution that shall say what the system is like is not known.",
            422: "A parameter is unknown or malformed, or nothing says what the system is like.",
            503: "ClickHouse does not answer.",
            504: "Too slow.",
        },
    ),
)
