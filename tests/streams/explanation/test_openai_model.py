import time
from typing import Any

import pytest
from starlette.responses import Response

from runtime.errors import ConfigurationError, DataError, TransientError
from streams.explanation.answer import AnswerForm
from streams.explanation.model import Message, Reply
from streams.explanation.openai_model import OpenAIModel
from streams.explanation.settings import ModelSettings
from tests.services.process import free_port
from tests.streams.explanation.endpoint import ScriptedEndpoint, busy
from tests.streams.explanation.samples import answer

CONVERSATION = (Message("system", "explain"), Message("user", "SECRET-CONVERSATION"))


async def ask(endpoint: ScriptedEndpoint, **settings: Any) -> Reply:
    chosen: dict[str, Any] = {"llm_base_url": endpoint.base_url, "llm_model": "m", "llm_attempts": 2}
    async with OpenAIModel(ModelSettings(**chosen | settings)) as model:
        return await model.complete(CONVERSATION, AnswerForm().schema())


async def test_the_answer_is_asked_for_by_schema_and_comes_with_its_tokens(endpoint: ScriptedEndpoint) -> None:
    assert await ask(endpoint, llm_max_tokens=321) == Reply(answer(), 100, 20)
    (call,) = endpoint.calls
    assert call["response_format"]["json_schema"]["strict"] is True
    assert set(call["response_format"]["json_schema"]["schema"]["required"]) >= {"explanation", "suggestions"}
    assert (call["temperature"], call["max_tokens"], call["model"]) == (0, 321, "m")
    assert [message["role"] for message in call["messages"]] == ["system", "user"]


async def test_an_endpoint_without_schemas_is_asked_for_json_from_then_on(endpoint: ScriptedEndpoint) -> None:
    endpoint.script = lambda body: busy(400) if body["response_format"]["type"] == "json_schema" else answer()
    async with OpenAIModel(ModelSettings(llm_base_url=endpoint.base_url, llm_model="m")) as model:
        for _ in range(2):
            assert (await model.complete(CONVERSATION, AnswerForm().schema())).text == answer()
    assert [call["response_format"]["type"] for call in endpoint.calls] == ["json_schema", "json_object", "json_object"]


async def test_a_request_that_is_refused_either_way_leaves_schemas_in_use(endpoint: ScriptedEndpoint) -> None:
    endpoint.script = lambda _body: busy(400)
    async with OpenAIModel(ModelSettings(llm_base_url=endpoint.base_url, llm_model="m")) as model:
        with pytest.raises(DataError) as raised:
            await model.complete(CONVERSATION, AnswerForm().schema())
        assert "SECRET" not in str(raised.value)
        endpoint.says(answer())
        await model.complete(CONVERSATION, AnswerForm().schema())
    assert endpoint.calls[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_endpoint_is_asked_again(endpoint: ScriptedEndpoint, status: int) -> None:
    endpoint.says(busy(status, **{"retry-after": "0"}), answer())
    assert (await ask(endpoint)).text == answer()
    assert len(endpoint.calls) == 2


async def test_retry_after_is_honoured_and_not_waited_for_for_ever(endpoint: ScriptedEndpoint) -> None:
    endpoint.says(busy(429, **{"retry-after": "1"}), answer())
    began = time.monotonic()
    await ask(endpoint)
    assert time.monotonic() - began >= 1
    endpoint.says(busy(429, **{"retry-after": "3600"}))
    with pytest.raises(TransientError, match="429"):
        await ask(endpoint, llm_attempts=5)
    assert len(endpoint.calls) == 3


async def test_tries_end_and_the_error_quotes_nothing(endpoint: ScriptedEndpoint) -> None:
    endpoint.says(busy(503, **{"retry-after": "0"}))
    with pytest.raises(TransientError) as raised:
        await ask(endpoint)
    assert len(endpoint.calls) == 2
    assert "SECRET" not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_an_endpoint_that_hangs_is_given_up(endpoint: ScriptedEndpoint) -> None:
    def hang(_body: dict[str, Any]) -> Response:
        time.sleep(1.5)
        return busy()

    endpoint.script = hang
    with pytest.raises(TransientError, match="APITimeoutError"):
        await ask(endpoint, llm_timeout_seconds=0.3, llm_attempts=1)


async def test_nobody_there_is_a_fault_that_passes() -> None:
    with pytest.raises(TransientError):
        await ask(ScriptedEndpoint(port=free_port()), llm_attempts=1)


@pytest.mark.parametrize(
    ("status", "cure"),
    [(401, "NETCOPILOT_LLM_API_KEY"), (403, "NETCOPILOT_LLM_API_KEY"), (404, "NETCOPILOT_LLM_MODEL")],
)
async def test_what_a_person_must_mend_names_the_cure(endpoint: ScriptedEndpoint, status: int, cure: str) -> None:
    endpoint.says(busy(status))
    with pytest.raises(ConfigurationError, match=cure):
        await ask(endpoint)
    assert len(endpoint.calls) == 1


def test_no_endpoint_or_no_model_names_the_cure() -> None:
    with pytest.raises(ConfigurationError, match="NETCOPILOT_LLM_BASE_URL"):
        OpenAIModel(ModelSettings(llm_base_url="", llm_model="m"))
