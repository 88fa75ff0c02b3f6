"""Settings shared by several processes. Each process composes its own class from these.

Values come from flags, then `NETCOPILOT_*` environment variables, then `.env` in the working folder, then defaults.
"""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where values come from; the base of all settings, so that every mixin has the same sources."""

    model_config = SettingsConfigDict(
        env_prefix="NETCOPILOT_",
        env_file=".env",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class ProcessSettings(Settings):
    """What every process takes."""

    log_format: Literal["json", "pretty"] = Field("json", description="Shape of log lines on standard error.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")


class HealthSettings(Settings):
    """Where a process that is no HTTP server tells how it is."""

    health_host: str = Field("127.0.0.1", description="Address of /healthz, /readyz and /metrics.")
    health_port: int = Field(0, ge=0, le=65535, description="Port of the same; 0 serves none.")


class KafkaSettings(Settings):
    """How to reach the broker."""

    kafka_bootstrap_servers: str = Field("127.0.0.1:9092", description="Comma-separated host:port list.")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="Kafka's security.protocol."
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="Kafka's sasl.mechanism, where SASL is used."
    )
    kafka_sasl_username: str = Field("", description="SASL user.")
    kafka_sasl_password: SecretStr = Field(SecretStr(""), description="SASL password.")
    kafka_fetch_wait_ms: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Milliseconds a broker may hold a fetch that finds nothing; the embedded broker answers late "
        "when it may wait for long.",
    )
    kafka_topic_prefix: str = Field(
        "", pattern=r"^[a-zA-Z0-9._-]*$", description="Stands before every topic's name, for brokers that are shared."
    )
    kafka_ssl_cafile: Path | None = Field(None, description="CA certificates (PEM) that sign the brokers' own.")
    schema_registry_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("schema_registry_url", "SCHEMA_REGISTRY_URL", "NETCOPILOT_SCHEMA_REGISTRY_URL"),
        description="Confluent-compatible registry (user:password@ allowed); without it the package's own schemas.",
    )


class RejectSettings(Settings):
    """When a process that rejects messages stops rather than make dead letters of them."""

    reject_ratio: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of messages, 0 to 1, above which dead letters stop the process; 1 never does.",
    )
    reject_ratio_messages: int = Field(1_000, ge=1, description="Messages there must be before the share counts.")
    reject_ratio_seconds: float = Field(60.0, gt=0, description="Seconds over which the share is taken.")


class ClickHouseSettings(Settings):
    """How to reach ClickHouse over HTTP."""

    clickhouse_url: str = Field("http://127.0.0.1:8123", description="ClickHouse's HTTP interface.")
    clickhouse_user: str = Field("default", description="ClickHouse user.")
    clickhouse_password: SecretStr = Field(SecretStr(""), description="ClickHouse password.")
    clickhouse_database: str = Field("netcopilot", description="Database that holds the tables.")


class ExplainSettings(Settings):
    """What is explained by a model."""

    explain: bool = Field(
        default=False, description="Whether explanations are asked for (true where `netcopilot explainer` runs)."
    )
    explain_verdicts: str = Field(
        "critical,warning,info,unknown,ok",
        pattern=r"^((critical|warning|info|unknown|ok)(,|$))*$",
        description="Comma-separated verdicts an explanation is asked for.",
    )


class RedisSettings(Settings):
    """How to reach Valkey or Redis."""

    redis_url: SecretStr = Field(
        SecretStr("redis://127.0.0.1:6379/0"),
        description="redis://[user:password@]host:port/db; rediss:// for TLS.",
    )
