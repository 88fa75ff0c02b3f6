"""Settings of the explainer."""

from datetime import timedelta

from pydantic import Field, SecretStr

from runtime.settings import (
    ClickHouseSettings,
    HealthSettings,
    KafkaSettings,
    ProcessSettings,
    RedisSettings,
    Settings,
)


class ModelName(Settings):
    """The model that explains; who asks whether something is explained must know it too."""

    llm_model: str = Field("", description="Name of the model, as its endpoint knows it.")


class ModelSettings(ModelName):
    """How a model is reached and asked."""

    llm_base_url: str = Field(
        "",
        description="OpenAI-compatible endpoint, such as http://127.0.0.1:8080/v1; empty: no model, no explanations.",
    )
    llm_api_key: SecretStr = Field(SecretStr(""), description="The endpoint's API key, where it asks for one.")
    llm_timeout_seconds: float = Field(60.0, gt=0, description="Seconds until a call is given up.")
    llm_attempts: int = Field(3, ge=1, le=10, description="Calls at most where the endpoint is busy or fails.")
    llm_max_tokens: int = Field(700, ge=64, description="Tokens of an answer at most.")
    llm_prompt_chars: int = Field(
        12_000,
        ge=500,
        description="Characters of an output shown at most, 2,500 to a guided model; of a longer one what decides.",
    )
    llm_guided: bool = Field(
        default=False,
        description="Hold answers to one sentence and a choice of commands by their JSON schema, and ask but once: for "
        "small models behind endpoints that keep to a schema.",
    )
    llm_input_price: float = Field(0.0, ge=0, description="Price of a million tokens read, for the cost metric.")
    llm_output_price: float = Field(0.0, ge=0, description="Price of a million tokens written, for the cost metric.")


class ExplainerSettings(
    ProcessSettings, HealthSettings, KafkaSettings, RedisSettings, ClickHouseSettings, ModelSettings
):
    """What `netcopilot explainer` takes."""

    explainer_group: str = Field("netcopilot-explainer", description="Consumer group of the explainers.")
    explainer_session_timeout_seconds: float = Field(
        6.0, ge=1, le=300, description="Seconds without heartbeat after which the group gives up an explainer."
    )
    explainer_concurrency: int = Field(4, ge=1, le=256, description="Explanations under way at once in a process.")
    explainer_max_age: timedelta = Field(
        timedelta(hours=24),
        description="Requests older than this are dropped: what still happens is asked for again.",
    )
    explainer_lock_seconds: float = Field(
        15.0, ge=1, description="Seconds after which another explainer takes over from one that died at work."
    )
    explainer_breaker_failures: int = Field(
        5, ge=1, description="Failed calls in a row after which the model rests ..."
    )
    explainer_breaker_seconds: float = Field(30.0, gt=0, description="... for so many seconds, until a call probes it.")
    explainer_drain_seconds: float = Field(
        20.0, gt=0, description="Longest time to finish explanations under way when told to stop."
    )
    explained_ttl: timedelta = Field(
        timedelta(hours=1), description="How long Redis keeps an explanation; jittered by a tenth."
    )
    llm_daily_tokens: str = Field(
        '{"default": 0, "tenants": {}}',
        description="Tokens a tenant may use in a day (UTC), as JSON; 0 is without limit.",
    )
    explainer_redis_timeout_seconds: float = Field(
        1.0, gt=0, description="Seconds to wait for Redis before going on without it."
    )
