"""Who may query: one user, as ClickHouse's HTTP interface takes it."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from cli.stack.clickhouse.errors import AUTHENTICATION_FAILED, server_error


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and its password."""

    user: str = "default"
    password: str = field(default="", repr=False)

    def check(self, parameters: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Make sure that a request (URL parameters, lower-case headers) comes from this user.

        Raises:
            ClickHouseError: it does not.

        """
        user, password = _given(parameters, headers)
        same = hmac.compare_digest(user.encode(), self.user.encode())
        if not (hmac.compare_digest(password.encode(), self.password.encode()) and same):
            message = f"{user}: Authentication failed: password is incorrect, or there is no user with such name."
            raise server_error(AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED", message)


def _given(parameters: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _basic(token)
    if "x-clickhouse-user" in headers:
        return headers["x-clickhouse-user"], headers.get("x-clickhouse-key", "")
    return parameters.get("user", "default"), parameters.get("password", "")


def _basic(token: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
