"""From a request's body to the outputs it holds."""

from pydantic import ValidationError
from pydantic_core import from_json

from api.errors import ApiError, invalid, problems
from api.models.analysis import Output, Outputs


def read_body(body: bytes, *, tenant: str, most: int) -> Output | Outputs:
    """Return the output a body holds, or several.

    Raises:
        ApiError: 422, it holds something else, too many, or another tenant's; no value of it is repeated in the error.

    """
    found = _validated(body)
    outputs = found.executions if isinstance(found, Outputs) else [found]
    if len(outputs) > most:
        raise _refused("executions", f"{len(outputs)} outputs; 1 to {most} are taken at once")
    if any(output.tenant_id not in {None, tenant} for output in outputs):
        raise _refused("tenant_id", "this API analyses for its own tenant only")
    return found


def _validated(body: bytes) -> Output | Outputs:
    try:
        content = from_json(body)
    except ValueError:
        raise _refused("body", "not JSON") from None
    model = Outputs if isinstance(content, dict) and "executions" in content else Output
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise invalid("the body is not an output or several", details={"problems": problems(error)}) from None


def _refused(where: str, problem: str) -> ApiError:
    return invalid(problem, details={"problems": [{"where": where, "problem": problem}]})
