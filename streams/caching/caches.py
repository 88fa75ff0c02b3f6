"""Everything that a worker remembers, in its memory and in Redis."""

from streams.analysis.thresholds import ThresholdBook
from streams.caching.configured_devices import ConfiguredDevices
from streams.caching.event_counts import EventCounts
from streams.caching.explanation_index import ExplanationIndex
from streams.caching.known_outputs import KnownOutputs
from streams.caching.output_cache import OutputCache
from streams.caching.purge import Purge
from streams.caching.purge_watch import PurgeWatch
from streams.caching.redis_link import RedisLink
from streams.caching.shared_cache import SharedCache
from streams.caching.version import cache_version
from streams.explanation.version import explanation_version
from streams.settings import WorkerSettings


class Caches:
    """The caches of one worker, over one link to Redis, and what purges do to them."""

    def __init__(self, settings: WorkerSettings) -> None:
        """Set up; raises ConfigurationError where the thresholds are none."""
        link = RedisLink(settings.redis_url.get_secret_value(), timeout=settings.redis_timeout_seconds)
        version = cache_version(ThresholdBook.from_json(settings.thresholds))
        self.outputs = KnownOutputs(
            OutputCache(settings.output_cache_bytes),
            SharedCache(link, version=version, ttl=settings.output_cache_ttl),
            ttl=settings.output_cache_ttl,
        )
        self.explanations = ExplanationIndex(
            link, version=explanation_version(settings.llm_model), request_ttl=settings.explain_request_ttl
        )
        self.devices = ConfiguredDevices()
        self._link = link
        self._purges = PurgeWatch(link, self._forget)
        self._counts = EventCounts(link)

    async def catch_up(self) -> None:
        """Apply the purges that were announced, and tell what was counted; costs a look at Redis."""
        await self._purges.look()
        await self._counts.report()

    async def close(self) -> None:
        """Finish what is being written and disconnect."""
        await self._counts.report()
        await self._link.close()

    def _forget(self, purge: Purge) -> None:
        """Apply a purge; memory does not know tenants apart, so one tenant's purge empties it for all."""
        if purge.device:
            self.devices.note(f"{purge.tenant}/{purge.device}".encode())
            return
        if purge.outputs:
            self.outputs.forget()
        if purge.explanations:
            self.explanations.forget()
