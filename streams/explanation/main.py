"""`netcopilot explainer`: the process that has a model explain fingerprints."""

import asyncio
import signal

import click

from runtime import lifecycle
from runtime.errors import ConfigurationError, TransientError
from runtime.health import Health, HealthServer, Probe, Progress
from runtime.log import configure_logging, get_logger
from runtime.options import options_of, settings_from
from schemas.registry import open_registry
from streams.caching.redis_link import RedisLink
from streams.explanation.breaker import Breaker
from streams.explanation.budget import Allowance, Budget
from streams.explanation.desk import Desk
from streams.explanation.durable import DurableExplanations
from streams.explanation.encoding import Encoding
from streams.explanation.explain import Manner
from streams.explanation.explainer import Explainer, Limits, Stores
from streams.explanation.intake import Intake
from streams.explanation.known import KnownExplanations
from streams.explanation.openai_model import OpenAIModel
from streams.explanation.publisher import ExplanationPublisher
from streams.explanation.settings import ExplainerSettings
from streams.explanation.single_flight import SingleFlight
from streams.explanation.version import explanation_version
from streams.explanation.work import Work

log = get_logger(__name__)

_WAITING_PER_CALL = 4
"""Requests in memory for each that may call: those already explained pass the others."""
_PAUSE_SECONDS = 1.0


@click.command("explainer")
@options_of(ExplainerSettings)
def explainer_command(**flags: str | None) -> None:
    """Explain findings by a language model: read analyses.requested, write analyses.

    Any number of explainers share the work by partitions; a fingerprint is explained once. The model is any
    OpenAI-compatible endpoint (--llm-base-url, --llm-model, NETCOPILOT_LLM_API_KEY).
    """
    settings = settings_from(ExplainerSettings, flags)
    configure_logging(settings, process="explainer")
    lifecycle.run(lambda: asyncio.run(ExplainerProcess(settings).run()))


class ExplainerProcess:
    """One explainer process."""

    def __init__(self, settings: ExplainerSettings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._breaker = Breaker(failures=settings.explainer_breaker_failures, rest=settings.explainer_breaker_seconds)
        self._progress = Progress(patience=settings.llm_timeout_seconds * settings.llm_attempts * 2 + 60)
        self._intake: Intake | None = None

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what is under way and leave the group.

        Raises:
            ConfigurationError: a person must act.

        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        health = Health()
        health.liveness["progress"] = self._progress.probe
        health.readiness["assignment"] = self._assignment
        health.readiness["model"] = self._model_rests
        with HealthServer(health, host=self._settings.health_host, port=self._settings.health_port):
            await self._work()

    async def _work(self) -> None:
        settings = self._settings
        link = RedisLink(settings.redis_url.get_secret_value(), timeout=settings.explainer_redis_timeout_seconds)
        try:
            async with OpenAIModel(settings) as model:
                publisher = ExplanationPublisher(settings)
                await self._wait_for_topics(publisher)
                if not self._stop.is_set():
                    stores = self._stores(link, publisher)
                    await self._explain(self._explainer(model, stores), stores)
        finally:
            await link.close()

    def _stores(self, link: RedisLink, publisher: ExplanationPublisher) -> Stores:
        settings = self._settings
        version = explanation_version(settings.llm_model)
        registry_url = settings.schema_registry_url
        return Stores(
            known=KnownExplanations(
                link,
                DurableExplanations(settings, model=settings.llm_model),
                version=version,
                ttl=settings.explained_ttl,
            ),
            flight=SingleFlight(link, version=version, ttl=settings.explainer_lock_seconds),
            budget=Budget(Allowance.from_json(settings.llm_daily_tokens), link),
            encoding=Encoding(open_registry(registry_url.get_secret_value() if registry_url else None)),
            publisher=publisher,
        )

    def _explainer(self, model: OpenAIModel, stores: Stores) -> Explainer:
        settings = self._settings
        return Explainer(
            model,
            stores,
            self._breaker,
            Manner(output_chars=settings.llm_prompt_chars, guided=settings.llm_guided),
            Limits(concurrency=settings.explainer_concurrency, max_age=settings.explainer_max_age),
        )

    async def _explain(self, explainer: Explainer, stores: Stores) -> None:
        intake = self._intake = Intake(self._settings)
        work = Work(
            Desk(stores.encoding, stores.publisher, explainer),
            intake,
            self._breaker,
            most=self._settings.explainer_concurrency * _WAITING_PER_CALL,
            progress=self._progress,
        )
        await intake.join()
        log.info("started", group=self._settings.explainer_group, model=self._settings.llm_model)
        try:
            await work.run(self._stop, drain_seconds=self._settings.explainer_drain_seconds)
        finally:
            await intake.close()
            log.info("stopped")

    async def _wait_for_topics(self, publisher: ExplanationPublisher) -> None:
        while not self._stop.is_set():
            try:
                missing = await asyncio.to_thread(publisher.missing_topics)
            except TransientError as error:
                log.warning("waiting_for_broker", error=str(error))
                self._progress.idle()
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if missing:
                raise ConfigurationError(
                    f"no such topic: {', '.join(missing)}; create them with `netcopilot topics create`"
                )
            return

    def _assignment(self) -> Probe:
        joined = self._intake is not None and self._intake.joined
        return Probe(healthy=joined, detail="member of the group" if joined else "not in the group yet")

    def _model_rests(self) -> Probe:
        rests = self._breaker.is_open()
        return Probe(healthy=not rests, detail="rests after failures" if rests else "answers")
