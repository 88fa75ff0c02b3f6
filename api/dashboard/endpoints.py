"""How the page and its files are answered: always revalidated, and with a policy that lets nothing foreign in."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.dashboard.asset import Asset, assets, page_asset

_CACHING = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}

_PAGE_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


async def page(request: Request) -> Response:
    """Answer with the page."""
    return _answer(request, page_asset(), _PAGE_POLICY)


async def asset(request: Request) -> Response:
    """Answer with one of the page's files.

    Raises:
        HTTPException: 404, there is no such file.

    """
    found = assets().get(request.path_params["path"])
    if found is None:
        raise HTTPException(status_code=404, detail="The dashboard has no such file.")
    return _answer(request, found, {})


def _answer(request: Request, found: Asset, policy: dict[str, str]) -> Response:
    headers = {**_CACHING, **policy, "ETag": found.etag}
    if found.etag in _validators(request):
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)


def _validators(request: Request) -> set[str]:
    """Return the entity tags of If-None-Match, compared weakly as RFC 9110 section 13.1.2 asks."""
    tags = request.headers.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}
