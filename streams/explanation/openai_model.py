"""A model behind any endpoint that speaks OpenAI's chat completions."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI
from openai.types.chat import ChatCompletion

from runtime.errors import ConfigurationError, DataError, NetcopilotError, TransientError
from runtime.log import get_logger
from streams.explanation import metrics
from streams.explanation.model import Message, Reply
from streams.explanation.settings import ModelSettings

log = get_logger(__name__)

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 20.0
_BUSY = frozenset({408, 409, 425, 429})
_CURES = {
    401: "set NETCOPILOT_LLM_API_KEY",
    403: "set NETCOPILOT_LLM_API_KEY to a key that may use NETCOPILOT_LLM_MODEL",
    404: "set NETCOPILOT_LLM_BASE_URL and NETCOPILOT_LLM_MODEL to an endpoint and a model it has",
}


class OpenAIModel:
    """Calls the endpoint of the settings; a context manager.

    A busy or failing endpoint is asked again with growing, jittered pauses, or when its `Retry-After` says so. One that
    refuses JSON schemas is asked for any JSON object from then on: what comes back is validated anyway.
    """

    def __init__(self, settings: ModelSettings) -> None:
        """Connect nothing yet.

        Raises:
            ConfigurationError: the settings name no endpoint or no model.

        """
        if not settings.llm_base_url or not settings.llm_model:
            raise ConfigurationError(
                "no model to explain with: set NETCOPILOT_LLM_BASE_URL and NETCOPILOT_LLM_MODEL to an "
                "OpenAI-compatible endpoint and its model (`netcopilot up` starts a small one where it is installed)"
            )
        self._settings = settings
        self._takes_schemas = True
        self._client = AsyncOpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key.get_secret_value() or "none",
            timeout=settings.llm_timeout_seconds,
            max_retries=0,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    @property
    def name(self) -> str:
        """The model's name, as the settings have it."""
        return self._settings.llm_model

    async def complete(self, conversation: Sequence[Message], schema: Mapping[str, Any]) -> Reply:
        """Return the model's answer (see Model)."""
        for tries in range(1, self._settings.llm_attempts + 1):
            try:
                return await self._call(conversation, schema)
            except APIError as error:
                fault = _fault(error)
                pause = _pause(tries, error)
                if not isinstance(fault, TransientError) or tries == self._settings.llm_attempts or pause is None:
                    raise fault from None  # the original may quote the conversation
                log.warning("model_busy", tries=tries, pause_seconds=round(pause, 2), reason=str(fault))
                await asyncio.sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _call(self, conversation: Sequence[Message], schema: Mapping[str, Any]) -> Reply:
        if self._takes_schemas:
            try:
                return await self._timed_call(conversation, _by_schema(schema))
            except APIStatusError as error:
                if error.status_code not in {400, 422}:
                    raise
                log.info("model_refuses_schema", status=error.status_code)
        reply = await self._timed_call(conversation, {"type": "json_object"})
        self._takes_schemas = False
        return reply

    async def _timed_call(self, conversation: Sequence[Message], response_format: Mapping[str, Any]) -> Reply:
        began = time.monotonic()
        result = "failed"
        try:
            completion = await self._create(conversation, response_format)
            result = "answered"
        except APIStatusError as error:
            result = f"status_{error.status_code}"
            raise
        except APIConnectionError as error:
            result = "timeout" if "timed out" in str(error).lower() else "unreachable"
            raise
        finally:
            metrics.CALLS.labels(result).inc()
            metrics.CALL_SECONDS.observe(time.monotonic() - began)
        return self._counted(_reply(completion))

    async def _create(self, conversation: Sequence[Message], response_format: Mapping[str, Any]) -> ChatCompletion:
        messages: Any = [{"role": message.role, "content": message.content} for message in conversation]
        wanted: Any = response_format
        completion: ChatCompletion = await self._client.chat.completions.create(
            model=self._settings.llm_model,
            messages=messages,
            response_format=wanted,
            temperature=0,
            max_tokens=self._settings.llm_max_tokens,
        )
        return completion

    def _counted(self, reply: Reply) -> Reply:
        metrics.TOKENS.labels("read").inc(reply.prompt_tokens)
        metrics.TOKENS.labels("written").inc(reply.completion_tokens)
        settings = self._settings
        cost = reply.prompt_tokens * settings.llm_input_price + reply.completion_tokens * settings.llm_output_price
        metrics.COST.inc(cost / 1_000_000)
        return reply


def _by_schema(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "explanation", "strict": True, "schema": schema}}


def _reply(completion: ChatCompletion) -> Reply:
    usage = completion.usage
    choice = completion.choices[0] if completion.choices else None
    return Reply(
        text=(choice.message.content or "") if choice else "",
        prompt_tokens=usage.prompt_tokens if usage else 0,
        completion_tokens=usage.completion_tokens if usage else 0,
        declined=choice is not None and (bool(choice.message.refusal) or choice.finish_reason == "content_filter"),
    )


def _fault(error: APIError) -> NetcopilotError:
    """Return what the error means; its text names the status only, because endpoints quote what they were sent."""
    if not isinstance(error, APIStatusError):
        return TransientError(f"the model's endpoint did not answer ({type(error).__name__})")
    status = error.status_code
    if status in _CURES:
        return ConfigurationError(f"the model's endpoint answered {status}: {_CURES[status]}")
    if status in _BUSY or status >= 500:
        return TransientError(f"the model's endpoint answered {status}")
    return DataError(f"the model's endpoint refuses the request ({status})")


def _pause(tries: int, error: APIError) -> float | None:
    """Return the seconds until the next try; None where the endpoint asks for more than is worth waiting."""
    asked = _retry_after(error)
    if asked is not None:
        return asked if asked <= _LONGEST_PAUSE else None
    limit = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**tries)
    return random.uniform(limit / 2, limit)  # noqa: S311 - spreads load, keeps no secret


def _retry_after(error: APIError) -> float | None:
    """Return the header's seconds; its other form, a date, is not used by these endpoints."""
    if not isinstance(error, APIStatusError):
        return None
    try:
        return max(float(error.response.headers.get("retry-after", "")), 0.0)
    except ValueError:
        return None
