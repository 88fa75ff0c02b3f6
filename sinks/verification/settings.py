"""Settings of `netcopilot verify`."""

from pydantic import Field

from runtime.settings import ClickHouseSettings, KafkaSettings


class VerifySettings(KafkaSettings, ClickHouseSettings):
    """What `netcopilot verify` takes: where everything is, and who is at work on it."""

    worker_group: str = Field(
        "netcopilot-worker", description="Consumer group of the stream workers: what it has not committed is not late."
    )
