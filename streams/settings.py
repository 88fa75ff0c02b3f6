"""Settings of the analysis engine and of the stream worker."""

from datetime import timedelta

from pydantic import Field

from runtime.settings import (
    ExplainSettings,
    HealthSettings,
    KafkaSettings,
    ProcessSettings,
    RedisSettings,
    RejectSettings,
    Settings,
)
from streams.explanation.settings import ModelName


class EngineSettings(Settings):
    """What decides an analysis beside the output."""

    parse_deadline_seconds: float = Field(
        0.25, gt=0, description="Seconds an analysis may take before it is cut short."
    )
    thresholds: str = Field(
        "",
        description='Limits that findings are judged by, as JSON: {"default": {"latency_ms": 150}, "tenants": '
        '{"acme": {"disk_warning_percent": 80}}}; empty: those of the documentation.',
    )


class WorkerSettings(
    ProcessSettings,
    HealthSettings,
    KafkaSettings,
    RedisSettings,
    RejectSettings,
    ExplainSettings,
    EngineSettings,
    ModelName,
):
    """`netcopilot worker`."""

    worker_group: str = Field("netcopilot-worker", description="Consumer group of the stream workers.")
    worker_session_timeout_seconds: float = Field(
        10.0, gt=0, description="Seconds without heartbeat until the group gives a worker's partitions away."
    )
    worker_rebalance_timeout_seconds: float = Field(
        10.0,
        gt=0,
        description="Seconds the group waits for its members in a rebalance; who is later repeats work. The embedded "
        "broker always waits it out.",
    )
    worker_commit_interval_seconds: float = Field(
        0.1,
        gt=0,
        description="Seconds between offset commits; what a worker did since the last one is done again when it is "
        "killed.",
    )
    worker_fetch_bytes: int = Field(1 << 20, gt=0, description="Bytes fetched at most from a partition at a time.")
    worker_in_flight_bytes: int = Field(
        32 << 20, gt=0, description="Bytes of batches in work at most, before reading pauses."
    )
    worker_stall_seconds: float = Field(
        60.0,
        gt=0,
        description="Seconds with work waiting and none finished, or without an answer from the broker, until the "
        "worker ends as stuck.",
    )
    worker_partition_stall_seconds: float = Field(
        300.0, gt=0, description="Seconds until one partition that does not move ends the worker, though others do."
    )
    worker_stop_seconds: float = Field(
        30.0, gt=0, description="Seconds that stopping may take, commits and leaving the group included."
    )
    parse_inline_seconds: float = Field(
        0.025,
        gt=0,
        description="Seconds an analysis may take in the worker's main thread; longer ones go to the slow lane's "
        "processes, and other partitions go on.",
    )
    parse_inline_characters: int = Field(
        256 << 10, ge=0, description="Characters of an output beyond which it goes to the slow lane untried."
    )
    slow_lane_processes: int = Field(
        2, ge=1, description="Processes of the slow lane at most; each is started when it is needed first."
    )
    explain_request_ttl: timedelta = Field(
        timedelta(minutes=10), description="How long a request for an explanation counts until it is made again."
    )
    explain_unshared_every: timedelta = Field(
        timedelta(minutes=10),
        description="How often outputs that share no fingerprint (no parser knows them) are asked about, for each "
        "tenant, system, command template and kind of trouble.",
    )
    output_cache_bytes: int = Field(64 << 20, ge=0, description="Bytes of analyses kept in process memory.")
    output_cache_ttl: timedelta = Field(
        timedelta(hours=1), description="How long Redis keeps an analysis; jittered by a tenth."
    )
    redis_timeout_seconds: float = Field(0.2, gt=0, description="Seconds to wait for Redis before going on without it.")
