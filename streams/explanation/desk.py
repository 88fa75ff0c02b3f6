"""From a message to a request that is done with."""

import asyncio

from confluent_kafka import Message

from runtime.errors import TransientError
from runtime.log import get_logger
from schemas.errors import DatumError, RegistryUnavailableError
from streams.explanation import metrics
from streams.explanation.encoding import Encoding
from streams.explanation.explainer import Explainer
from streams.explanation.publisher import ExplanationPublisher
from streams.explanation.request import ExplanationRequest

log = get_logger(__name__)

_PAUSE_SECONDS = 1.0


class Desk:
    """Reads messages, has requests handled, and buries what is none."""

    def __init__(self, encoding: Encoding, publisher: ExplanationPublisher, explainer: Explainer) -> None:
        self._encoding = encoding
        self._publisher = publisher
        self._explainer = explainer

    async def attend(self, message: Message) -> None:
        """Return when nothing more is to be done for the message.

        Raises:
            ConfigurationError: as Explainer.handle().

        """
        request = await self._read(message)
        if request is not None:
            await self._explainer.handle(request)

    async def _read(self, message: Message) -> ExplanationRequest | None:
        while True:
            try:
                return await self._read_once(message)
            except (RegistryUnavailableError, TransientError) as error:
                log.warning("request_waits", reason=str(error), pause_seconds=_PAUSE_SECONDS)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _read_once(self, message: Message) -> ExplanationRequest | None:
        try:
            return await asyncio.to_thread(self._encoding.request, message.value())
        except DatumError as error:
            metrics.REQUESTS.labels("invalid").inc()
            await self._publisher.bury(message, str(error))
            return None
