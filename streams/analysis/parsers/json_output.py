"""Outputs that are JSON already."""

import json
from typing import Any, Final

from streams.analysis.analysis import ParseStatus
from streams.analysis.document import Document
from streams.analysis.parsers.parse import UNPARSED, Parse

VERSION: Final = "1"


def looks_like_json(text: str) -> bool:
    """Whether a text starts and ends as a JSON object or array does."""
    body = text.strip()
    return body[:1] + body[-1:] in {"{}", "[]"}


def parse_json(document: Document) -> Parse:
    """Return the answer as Python values; UNPARSED if it is not JSON after all."""
    try:
        data = json.loads(document.stdout)
    except (ValueError, RecursionError):
        return UNPARSED
    return Parse(parser="json", version=VERSION, status=ParseStatus.PARSED, read=data, understood=True)


def carried_text(data: Any) -> str | None:
    """Return the text that a JSON answer merely carries.

    Arista EOS wraps a command that has no JSON form as `{"output": "..."}`, Junos as
    `{"output": [{"data": "..."}]}`.
    """
    if not isinstance(data, dict) or len(data) != 1 or "output" not in data:
        return None
    carried = data["output"]
    if isinstance(carried, list) and len(carried) == 1 and isinstance(carried[0], dict):
        carried = carried[0].get("data")
    return carried if isinstance(carried, str) else None
