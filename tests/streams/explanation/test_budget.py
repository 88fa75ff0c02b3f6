from datetime import UTC, datetime

import pytest

from runtime.errors import ConfigurationError
from streams.caching.redis_link import RedisLink
from streams.explanation.budget import Allowance, Budget
from tests.services.process import HOST, free_port

ALLOWANCE = Allowance.from_json('{"default": 100, "tenants": {"lab": 0, "small": 10}}')


async def test_all_explainers_spend_from_one_allowance_that_is_renewed_each_day(redis_database: str) -> None:
    today = datetime(2026, 1, 1, tzinfo=UTC)
    link = RedisLink(redis_database, timeout=2)
    one, other = (Budget(ALLOWANCE, link, now=lambda: today) for _ in range(2))
    await one.spend("acme", 99)
    assert await other.allows("acme")
    await one.spend("acme", 1)
    assert not await other.allows("acme")
    await one.spend("small", 10)
    assert not await other.allows("small")
    await one.spend("lab", 10**9)
    assert await other.allows("lab")
    today = datetime(2026, 1, 2, tzinfo=UTC)
    assert await other.allows("acme")
    await link.close()


async def test_without_redis_each_counts_for_itself() -> None:
    link = RedisLink(f"redis://{HOST}:{free_port()}", timeout=0.2)
    budget = Budget(ALLOWANCE, link)
    assert await budget.allows("acme")
    await budget.spend("acme", 100)
    assert not await budget.allows("acme")
    await link.close()


@pytest.mark.parametrize("text", ["5", '{"default": -1}', '{"tenant": {}}', "{"])
def test_what_is_no_allowance_names_the_setting(text: str) -> None:
    with pytest.raises(ConfigurationError, match="NETCOPILOT_LLM_DAILY_TOKENS"):
        Allowance.from_json(text)
