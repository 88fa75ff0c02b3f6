"""`netcopilot cache`: what the caches hold, and emptying them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import redis.asyncio as redis
from redis.exceptions import RedisError

from runtime.options import options_of, settings_from
from runtime.settings import RedisSettings
from streams.caching.purge import Purge
from streams.caching.store import CacheStore, Holdings

Answer = TypeVar("Answer")

_PATIENCE = 10.0


@click.group("cache", short_help="Show and empty the caches of analyses.")
def cache_command() -> None:
    """Show and empty the caches of analyses in Redis and in the workers' memories."""


@cache_command.command("show")
@options_of(RedisSettings)
def show_command(**flags: str | None) -> None:
    """Show how much the caches hold, and where analyses came from."""
    click.echo(_listing(_on_store(flags, CacheStore.holdings)))


@cache_command.command("purge")
@click.option("--tenant", default="", metavar="ID", help="Only this tenant's.")
@click.option("--device", default="", metavar="ID", help="Have this device of the tenant analysed anew.")
@click.option("--outputs", is_flag=True, help="Analyses of outputs.")
@click.option("--explanations", is_flag=True, help="That fingerprints are explained, or an explanation is asked for.")
@options_of(RedisSettings)
def purge_command(tenant: str, device: str, *, outputs: bool, explanations: bool, **flags: str | None) -> None:
    """Forget analyses of outputs and what is known of explanations; without an option, both.

    Every worker's memory follows within two seconds. Explanations themselves stay in ClickHouse, whence they come
    back without a model.
    """
    if device and not tenant:
        raise click.UsageError("a device belongs to a tenant: name that with --tenant")
    if device and explanations:
        raise click.UsageError("explanations belong to fingerprints, not to a device: leave --device or --explanations")
    purge = Purge(
        outputs=outputs or not explanations,
        explanations=explanations or not (outputs or device),
        tenant=tenant,
        device=device,
    )
    deleted = _on_store(flags, lambda store: store.purge(purge))
    click.echo(f"{tenant}/{device} is analysed anew" if device else f"{deleted} entries purged")


def _on_store(flags: dict[str, str | None], act: Callable[[CacheStore], Awaitable[Answer]]) -> Answer:
    settings = settings_from(RedisSettings, flags)

    async def connect_and_act() -> Answer:
        async with redis.Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        ) as client:
            return await act(CacheStore(client))

    try:
        return asyncio.run(connect_and_act())
    except (RedisError, OSError) as error:
        raise click.ClickException(
            f"Redis does not answer ({type(error).__name__}); start it, or set NETCOPILOT_REDIS_URL"
        ) from error


def _listing(holdings: Holdings) -> str:
    total = sum(holdings.events.values())
    rows = [
        f"{holdings.outputs:12,}  analyses of outputs",
        f"{holdings.explanations:12,}  fingerprints explained",
        f"{holdings.requests:12,}  explanations asked for",
        f"{holdings.memory_bytes / (1 << 20):12,.1f}  MiB in use by the server",
        *(f"{count:12,}  executions: {status} ({count / total:.1%})" for status, count in holdings.events.items()),
    ]
    return "\n".join(rows)
