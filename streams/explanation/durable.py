"""Explanations that ClickHouse keeps: what outlives Redis."""

import asyncio

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from runtime.clickhouse import open_client
from runtime.log import get_logger
from runtime.settings import ClickHouseSettings
from streams.explanation import metrics
from streams.explanation.request import ExplanationRequest
from streams.explanation.version import PROMPT_VERSION

log = get_logger(__name__)

_TIMEOUT = 10
_IS_EXPLAINED = """
SELECT count() FROM analyses FINAL
WHERE tenant_id = {tenant:String} AND fingerprint = unhex({fingerprint:String})
  AND model = {model:String} AND prompt_version = {prompt_version:String} AND rules_version = {rules_version:String}
"""


class DurableExplanations:
    """Asks table `analyses`; where ClickHouse does not answer, nothing is known, which costs a call at worst."""

    def __init__(self, settings: ClickHouseSettings, *, model: str) -> None:
        self._settings = settings
        self._model = model
        self._client: Client | None = None

    async def hold(self, request: ExplanationRequest) -> bool:
        """Tell whether this model was asked by this prompt, and answered, whatever came of it."""
        try:
            return await asyncio.to_thread(self._count, request) > 0
        except (Error, OSError) as error:
            metrics.LOOKUP_ERRORS.labels("clickhouse").inc()
            log.warning("clickhouse_away", error=type(error).__name__)
            self._client = None
            return False

    def _count(self, request: ExplanationRequest) -> int:
        client = self._client = self._client or self._connect()
        answer = client.query(
            _IS_EXPLAINED,
            parameters={
                "tenant": request.tenant_id,
                "fingerprint": request.fingerprint.hex(),
                "model": self._model,
                "prompt_version": PROMPT_VERSION,
                "rules_version": request.rules_version,
            },
        )
        return int(answer.result_rows[0][0])

    def _connect(self) -> Client:
        settings = self._settings
        return open_client(
            settings, database=settings.clickhouse_database, timeout=_TIMEOUT, client_name="netcopilot-explainer"
        )
