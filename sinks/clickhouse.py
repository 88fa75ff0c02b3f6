"""Connections to ClickHouse, and calls to it whose errors are judged."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from runtime.errors import ConfigurationError
from runtime.settings import ClickHouseSettings
from sinks.faults import judge


def connect(settings: ClickHouseSettings, *, database: str, timeout: float = 30.0) -> Client:
    """Return a client that several threads may share; requests give up after `timeout` seconds.

    Raises:
        TransientError: ClickHouse did not answer.
        ConfigurationError: it does not know the user, the password or the database.

    """
    address = urlsplit(settings.clickhouse_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ConfigurationError("NETCOPILOT_CLICKHOUSE_URL is no URL like http://127.0.0.1:8123")
    with judged():
        return clickhouse_connect.get_client(
            host=address.hostname,
            port=address.port or (8443 if address.scheme == "https" else 8123),
            secure=address.scheme == "https",
            username=address.username or settings.clickhouse_user,
            password=address.password or settings.clickhouse_password.get_secret_value(),
            database=database,
            connect_timeout=5,
            send_receive_timeout=timeout,
            query_retries=0,
            autogenerate_session_id=False,
            client_name="netcopilot-sink",
        )


@contextmanager
def judged() -> Iterator[None]:
    """Raise ClickHouse's errors as what they mean (see `sinks.faults`)."""
    try:
        yield
    except Error as error:
        raise judge(error) from None  # the original's text may quote the data
