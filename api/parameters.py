"""Query parameters into the model that an endpoint declares for them."""

from collections.abc import Mapping
from typing import TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import QueryParams

from api.errors import invalid, problems


class Parameters(BaseModel):
    """Base of the query models: a field a parameter; a list field may be given several times; no others are taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Parameters)


def read_parameters(model: type[Model], query: QueryParams) -> Model:
    """Return the query as the model, with empty values taken as absent.

    Raises:
        ApiError: 422 with every problem and the list of known parameters.

    """
    try:
        return model.model_validate(_values(model, query))
    except ValidationError as error:
        raise invalid(
            "some query parameters are not what this endpoint takes",
            details={"problems": problems(error), "known": sorted(model.model_fields)},
        ) from None


def _values(model: type[Parameters], query: QueryParams) -> Mapping[str, str | list[str]]:
    values: dict[str, str | list[str]] = {}
    for name in query:
        given = query.getlist(name)
        field = model.model_fields.get(name)
        if field is not None:
            given = [value for value in given if value]
        if not given:
            continue
        repeatable = field is not None and get_origin(field.annotation) is list
        values[name] = given if repeatable or len(given) > 1 else given[0]
    return values
