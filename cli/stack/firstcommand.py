"""Looks for the first analysed command that the API shows since a moment."""

import asyncio
import json
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import urlopen

_BETWEEN_LOOKS = 0.2
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class AnalysedCommand:
    """What one line can say of an execution."""

    command: str
    verdict: str
    summary: str


async def first_command(api: str, *, since: str) -> AnalysedCommand:
    """Wait until `GET /v1/commands` of the API at that base URL has an execution from `since` (RFC 3339) on."""
    url = f"{api}/v1/commands?{urlencode({'since': since, 'limit': 1})}"
    while True:
        found = await asyncio.to_thread(_ask, url)
        if found is not None:
            return found
        await asyncio.sleep(_BETWEEN_LOOKS)


def _ask(url: str) -> AnalysedCommand | None:
    try:
        with urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 (always http://, from the stack's own settings)
            items = json.load(answer)["items"]
    except (OSError, HTTPException):
        return None
    return AnalysedCommand(items[0]["command"], items[0]["verdict"], items[0]["summary"]) if items else None
