"""Connections to ClickHouse over HTTP, and calls to it whose errors are judged."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from runtime.clickhouse_fault import judge
from runtime.errors import ConfigurationError
from runtime.settings import ClickHouseSettings


def open_client(settings: ClickHouseSettings, *, database: str, timeout: float, client_name: str) -> Client:
    """Return a client that several threads may share; requests give up after `timeout` seconds.

    Raises:
        ConfigurationError: the address is none.
        clickhouse_connect.driver.exceptions.Error: ClickHouse did not answer, or lets this user not in.

    """
    address = urlsplit(settings.clickhouse_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ConfigurationError("NETCOPILOT_CLICKHOUSE_URL is no URL like http://127.0.0.1:8123")
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
        client_name=client_name,
    )


@contextmanager
def judged() -> Iterator[None]:
    """Raise ClickHouse's errors as what they mean (see `runtime.clickhouse_fault`)."""
    try:
        yield
    except Error as error:
        raise judge(error) from None  # the original's text may quote the data
