"""ClickHouse, from the event loop."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver import AsyncClient
from clickhouse_connect.driver.exceptions import Error, OperationalError

from api.errors import ApiError
from api.metrics import QUERY_SECONDS
from api.queries.statement import Statement
from api.settings import ApiSettings
from api.sharing import Sharing
from runtime.errors import ConfigurationError, TransientError
from runtime.health import Probe
from runtime.log import get_logger

log = get_logger(__name__)

_JSON_SETTINGS: Mapping[str, int] = {
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_named_tuples_as_objects": 1,
    "output_format_json_escape_forward_slashes": 0,
    "output_format_json_validate_utf8": 1,
}
_WHOLE_ANSWER = {"wait_end_of_query": "1"}
"""An error after the first rows becomes an error status, not a short answer."""
_TIMED_OUT = frozenset({159, 160, 209})
_PASSING = frozenset({60, 81, 202, 210, 241, 242, 252, 999})
"""Table or database not made yet, too many queries, network, memory, read-only, too many parts, Keeper."""
_PING_SECONDS = 2.0


class Database:
    """Answers statements for one tenant, a bounded number at once, each within its time; equal ones with one answer.

    Connects with the first statement, so that the API starts before ClickHouse does.
    """

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._tenant = settings.tenant_id
        self._timeout = settings.api_query_timeout_seconds
        self._turns = asyncio.Semaphore(settings.api_query_concurrency)
        self._sharing = Sharing(settings.api_query_share_seconds, most_bytes=settings.api_query_share_bytes)
        self._connecting = asyncio.Lock()
        self._client: AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._client is not None:
            await self._client.close()

    async def json_lines(self, statement: Statement) -> list[bytes]:
        """Return each row as a JSON object, in ClickHouse's own rendering.

        Raises:
            ApiError: 504, the query took longer than it may.
            TransientError: ClickHouse does not answer, or refuses for now.

        """
        question = statement.text, repr(statement.parameters)
        answer = await self._sharing.answer(question, lambda: self._run(statement))
        return answer.splitlines()

    async def rows(self, statement: Statement) -> list[dict[str, Any]]:
        """Return each row as a dictionary; raises as `json_lines`."""
        return [json.loads(line) for line in await self.json_lines(statement)]

    async def probe(self) -> Probe:
        """Tell whether ClickHouse answers."""
        try:
            async with asyncio.timeout(_PING_SECONDS):
                client = await self._connected()
                alive = await client.ping()
        except (TimeoutError, TransientError, ConfigurationError) as error:
            return Probe(healthy=False, detail=str(error) or "no answer in time")
        return Probe(healthy=alive, detail="answers" if alive else "does not answer")

    async def _run(self, statement: Statement) -> bytes:
        parameters = {**statement.parameters, "tenant": self._tenant}
        settings = {**_JSON_SETTINGS, "max_execution_time": self._timeout}
        with QUERY_SECONDS.labels(statement.name).time():
            try:
                async with asyncio.timeout(self._timeout), self._turns:
                    client = await self._connected()
                    answer = await client.raw_query(
                        statement.text,
                        parameters=parameters,
                        settings=settings,
                        fmt="JSONEachRow",
                        transport_settings=_WHOLE_ANSWER,
                    )
            except TimeoutError:
                raise _too_slow() from None
            except Error as error:
                raise _translate(error, statement) from error
        return bytes(answer)

    async def _connected(self) -> AsyncClient:
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def _connect(self) -> AsyncClient:
        url = urlsplit(self._settings.clickhouse_url)
        try:
            return await clickhouse_connect.get_async_client(
                interface=url.scheme,
                host=url.hostname or "127.0.0.1",
                port=url.port or (8443 if url.scheme == "https" else 8123),
                username=url.username or self._settings.clickhouse_user,
                password=url.password or self._settings.clickhouse_password.get_secret_value(),
                database=self._settings.clickhouse_database,
                connector_limit=self._settings.api_query_concurrency + 1,
                connector_limit_per_host=self._settings.api_query_concurrency + 1,
                connect_timeout=_PING_SECONDS,
                send_receive_timeout=self._timeout + 1,
                autogenerate_session_id=False,
                query_retries=1,
                show_clickhouse_errors=False,
            )
        except Error as error:
            raise TransientError(f"cannot connect to ClickHouse: {type(error).__name__} {error.code or ''}") from error


def _translate(error: Error, statement: Statement) -> Exception:
    if error.code in _TIMED_OUT:
        return _too_slow()
    if isinstance(error, OperationalError) and error.code is None:
        return TransientError(f"ClickHouse does not answer ({statement.name})")
    if error.code in _PASSING:
        return TransientError(f"ClickHouse refuses {statement.name} for now (code {error.code})")
    return error


def _too_slow() -> ApiError:
    return ApiError(504, "query_timeout", "the query took too long; narrow the time range or the filters")
