"""Where the next page begins: opaque to clients, validated on the way back.

A cursor is the base64url form of a version byte, the position's fields, and a CRC-32 over both. It holds no tenant: the
tenant is bound in every query, so that a foreign cursor can only point into one's own data.
"""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from api.errors import ApiError, invalid

_VERSION = b"\x01"
_CHECK_BYTES = 4


def seal(kind: str, position: bytes) -> str:
    """Return the cursor of a position in pages of one kind."""
    payload = _VERSION + kind.encode() + b"\0" + position
    return urlsafe_b64encode(payload + _check(payload)).decode().rstrip("=")


def unseal(kind: str, cursor: str) -> bytes:
    """Return the position a cursor holds.

    Raises:
        ApiError: 422, the cursor was not made for these pages, or was changed.

    """
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        raise _refused() from None
    payload, check = sealed[:-_CHECK_BYTES], sealed[-_CHECK_BYTES:]
    prefix = _VERSION + kind.encode() + b"\0"
    if check != _check(payload) or not payload.startswith(prefix):
        raise _refused()
    return payload[len(prefix) :]


def _check(payload: bytes) -> bytes:
    return zlib.crc32(payload).to_bytes(_CHECK_BYTES, "big")


def _refused() -> ApiError:
    return invalid(
        "the cursor is not one of these pages; begin without one",
        details={"problems": [{"where": "cursor", "problem": "not a cursor of this endpoint"}]},
    )
