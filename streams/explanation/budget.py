"""How many tokens each tenant may use in a day."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

import redis.asyncio as redis
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runtime.errors import ConfigurationError
from streams.caching.keys import tokens_key
from streams.caching.redis_link import RedisLink

_KEPT_SECONDS = 3 * 24 * 3600


class Allowance(BaseModel):
    """Tokens a day by tenant, and for those not named; 0 is without limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: Annotated[int, Field(ge=0)] = 0
    tenants: Mapping[str, Annotated[int, Field(ge=0)]] = {}

    @classmethod
    def from_json(cls, text: str) -> "Allowance":
        """Read the setting.

        Raises:
            ConfigurationError: it is no such object.

        """
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            raise ConfigurationError(
                'NETCOPILOT_LLM_DAILY_TOKENS is no object like {"default": 200000, "tenants": {"lab": 0}}'
            ) from None

    def of(self, tenant_id: str) -> int:
        """Return a tenant's tokens a day; 0: without limit."""
        return self.tenants.get(tenant_id, self.default)


class Budget:
    """Counts in Redis for all explainers; where that is away, each goes by what it counted itself.

    What is under way is not counted yet: a tenant may exceed its allowance by the explanations that began before.
    """

    def __init__(
        self, allowance: Allowance, link: RedisLink, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._allowance = allowance
        self._link = link
        self._now = now
        self._own: defaultdict[tuple[str, str], int] = defaultdict(int)

    async def allows(self, tenant_id: str) -> bool:
        """Tell whether the tenant may use more tokens today."""
        limit = self._allowance.of(tenant_id)
        if not limit:
            return True
        day = self._today()
        counted = await self._link.ask(lambda client: client.get(tokens_key(day, tenant_id)))
        return max(int(counted or 0), self._own[day, tenant_id]) < limit

    async def spend(self, tenant_id: str, tokens: int) -> None:
        """Count tokens that were used."""
        day = self._today()
        self._forget_before(day)
        self._own[day, tenant_id] += tokens

        async def count(client: redis.Redis) -> None:
            async with client.pipeline(transaction=False) as pipeline:
                pipeline.incrby(tokens_key(day, tenant_id), tokens)
                pipeline.expire(tokens_key(day, tenant_id), _KEPT_SECONDS)
                await pipeline.execute()

        await self._link.ask(count)

    def _today(self) -> str:
        return self._now().date().isoformat()

    def _forget_before(self, day: str) -> None:
        for key in [key for key in self._own if key[0] < day]:
            del self._own[key]
