"""What happens to a request: nothing where the fingerprint is explained, else one explanation, made known to all."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from runtime.errors import DataError, TransientError
from runtime.log import get_logger
from schemas.errors import RegistryUnavailableError
from streams.explanation import metrics
from streams.explanation.breaker import Breaker
from streams.explanation.budget import Budget
from streams.explanation.encoding import Encoding
from streams.explanation.explain import Manner, explain
from streams.explanation.explanation import Explanation
from streams.explanation.known import KnownExplanations
from streams.explanation.model import Model
from streams.explanation.publisher import ExplanationPublisher
from streams.explanation.request import ExplanationRequest
from streams.explanation.single_flight import SingleFlight

log = get_logger(__name__)

_PAUSE_SECONDS = 1.0
_GATE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where explanations go, and what is asked before one is made."""

    known: KnownExplanations
    flight: SingleFlight
    budget: Budget
    encoding: Encoding
    publisher: ExplanationPublisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many may call the model at once, and the age from which a request counts no more."""

    concurrency: int
    max_age: timedelta


class Explainer:
    """Handles requests, any number at once."""

    def __init__(self, model: Model, stores: Stores, breaker: Breaker, manner: Manner, limits: Limits) -> None:
        self._model = model
        self._stores = stores
        self._breaker = breaker
        self._manner = manner
        self._calls = asyncio.Semaphore(limits.concurrency)
        self._max_age = limits.max_age

    async def handle(self, request: ExplanationRequest) -> None:
        """Return when the request needs nothing more; while the model fails or rests, it waits.

        Raises:
            ConfigurationError: the endpoint knows no such key or model.

        """
        while True:
            try:
                outcome = await self._handle_once(request)
            except (TransientError, RegistryUnavailableError) as error:
                log.warning("explanation_waits", reason=str(error), pause_seconds=_PAUSE_SECONDS)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            metrics.REQUESTS.labels(outcome).inc()
            return

    async def _handle_once(self, request: ExplanationRequest) -> str:
        """Return a word for the metric."""
        if datetime.now(UTC) - request.requested_at > self._max_age:
            return "expired"
        if await self._stores.known.hold(request):
            return "known"
        async with self._calls:
            await self._permission()
            async with self._stores.flight.hold(request):
                return await self._make(request)

    async def _permission(self) -> None:
        while self._breaker.is_open():  # noqa: ASYNC110 - the breaker goes by the clock
            await asyncio.sleep(_GATE_SECONDS)

    async def _make(self, request: ExplanationRequest) -> str:
        if await self._stores.known.hold(request):  # whoever held the lock may have explained it
            return "known"
        if not await self._stores.budget.allows(request.tenant_id):
            log.warning("budget_spent", tenant_id=request.tenant_id)
            return "budget"
        try:
            explanation = await self._call(request)
        except DataError as error:
            log.warning("explanation_impossible", reason=str(error))
            return "failed"
        await self._keep(request, explanation)
        return explanation.outcome.lower()

    async def _call(self, request: ExplanationRequest) -> Explanation:
        if self._breaker.is_open():  # another's probe began while this one waited for its lock
            raise TransientError("the model rests after failures")
        self._breaker.begin()
        try:
            explanation = await explain(request, self._model, self._manner)
        except BaseException:
            self._breaker.fail()
            raise
        self._breaker.succeed()
        return explanation

    async def _keep(self, request: ExplanationRequest, explanation: Explanation) -> None:
        """Publish, then make known: what is known is safe in the broker. A broker that is away is waited for."""
        tokens = explanation.prompt_tokens + explanation.completion_tokens
        await self._stores.budget.spend(request.tenant_id, tokens)
        while True:
            try:
                value = self._stores.encoding.explanation(explanation)
                await self._stores.publisher.publish(explanation, value)
            except (TransientError, RegistryUnavailableError) as error:
                log.warning("publishing_waits", reason=str(error), pause_seconds=_PAUSE_SECONDS)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            await self._stores.known.add(request)
            return
