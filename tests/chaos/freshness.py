"""Whether what happens now is visible now."""

from collections.abc import Callable, Iterable
from datetime import datetime

import httpx

_PATIENCE_SECONDS = 2.0


def shows_fresh_events(client: httpx.Client, devices: Iterable[str], since: datetime) -> Callable[[], bool]:
    """Return what tells whether the API has shown, of every device, an execution that began since then.

    The agents' devices lie in all partitions, so that no partition may stand still.
    """
    missing = set(devices)

    def look() -> bool:
        missing.difference_update(_seen(client, missing, since))
        return not missing

    return look


def _seen(client: httpx.Client, devices: set[str], since: datetime) -> set[str]:
    query = httpx.QueryParams({"device": sorted(devices), "since": since.isoformat(), "limit": 500})
    try:
        answer = client.get("/v1/commands", params=query, timeout=_PATIENCE_SECONDS)
        answer.raise_for_status()
    except httpx.HTTPError:
        return set()
    return {item["device_id"] for item in answer.json()["items"]}
