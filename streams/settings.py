"""Settings of the stream worker."""

from datetime import timedelta

from pydantic import Field

from runtime.settings import HealthSettings, KafkaSettings, ProcessSettings, RedisSettings


class WorkerSettings(ProcessSettings, HealthSettings, KafkaSettings, RedisSettings):
    """`netcopilot worker`."""

    worker_group: str = Field("netcopilot-worker", description="Consumer group of the stream workers.")
    worker_session_timeout_seconds: float = Field(
        10.0, gt=0, description="Seconds without heartbeat until the group gives a worker's partitions away."
    )
    worker_rebalance_timeout_seconds: float = Field(
        3.0,
        gt=0,
        description="Seconds the group waits for its members in a rebalance; the embedded broker always waits it out.",
    )
    worker_commit_interval_seconds: float = Field(0.5, gt=0, description="Seconds between offset commits.")
    worker_fetch_bytes: int = Field(1 << 20, gt=0, description="Bytes fetched at most from a partition at a time.")
    worker_in_flight_bytes: int = Field(
        32 << 20, gt=0, description="Bytes of batches in work at most, before reading pauses."
    )
    worker_stall_seconds: float = Field(
        60.0, gt=0, description="Seconds with work waiting and none finished until the worker counts as stuck."
    )
    parse_deadline_seconds: float = Field(0.25, gt=0, description="Seconds a parse may take before it is interrupted.")
    output_cache_bytes: int = Field(64 << 20, ge=0, description="Bytes of analyses kept in process memory.")
    output_cache_ttl: timedelta = Field(
        timedelta(hours=1), description="How long Redis keeps an analysis; jittered by a tenth."
    )
    redis_timeout_seconds: float = Field(0.2, gt=0, description="Seconds to wait for Redis before going on without it.")
