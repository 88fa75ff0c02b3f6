"""Settings of `netcopilot up`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class UpSettings(BaseSettings):
    """What the local stack takes; flags, then `NETCOPILOT_UP_*`, then `.env`, then these defaults."""

    model_config = SettingsConfigDict(
        env_prefix="NETCOPILOT_UP_", env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    kafka: Literal["embedded", "apache"] = Field(
        "embedded", description="Broker: embedded (Tansu, in memory) or apache (Apache Kafka; needs java and mvn)."
    )
    data_dir: Path = Field(Path("data"), description="Folder for history, spool and logs.")
    watch: Path | None = Field(
        None, description="Watchlist of the commands that the agent runs on this host; without it the project's own."
    )
    host: str = Field("127.0.0.1", description="Address that every part listens on.")
    kafka_port: PortNumber = Field(9092, description="Port of the Kafka broker.")
    kafka_controller_port: PortNumber = Field(9093, description="Port of Apache Kafka's controller.")
    redis_port: PortNumber = Field(6379, description="Port of Valkey.")
    clickhouse_port: PortNumber = Field(8123, description="Port of ClickHouse's HTTP interface.")
    api_port: PortNumber = Field(8080, description="Port of the API and the dashboard.")
    sink_health_port: PortNumber = Field(9101, description="Port of the sink's health and metrics.")
    worker_health_port: PortNumber = Field(9102, description="Port of the worker's health and metrics.")
    agent_health_port: PortNumber = Field(9103, description="Port of the agent's health and metrics.")
    explainer_health_port: PortNumber = Field(9104, description="Port of the explainer's health and metrics.")
    model_port: PortNumber = Field(8081, description="Port of the demonstration model.")
    explain: bool = Field(
        default=True,
        description="Have findings explained: by the model at NETCOPILOT_LLM_BASE_URL, else by the demonstration "
        "model where its wheels are installed.",
    )
    drain_seconds: float = Field(
        20.0, ge=0, description="At most this many seconds for events in flight to be stored when the stack stops."
    )
    log_bytes: int = Field(
        10_000_000, ge=100_000, description="Size in bytes at which a child's log file is rotated; one old file stays."
    )
