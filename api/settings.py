"""Settings of the API process."""

from pydantic import Field

from runtime.settings import ClickHouseSettings, ExplainSettings, KafkaSettings, ProcessSettings

MEBIBYTE = 1024 * 1024


class ApiSettings(ProcessSettings, KafkaSettings, ClickHouseSettings, ExplainSettings):
    """What the API takes, every limit with its unit."""

    tenant_id: str = Field("default", min_length=1, description="Tenant whose events are served and accepted.")

    api_host: str = Field("127.0.0.1", description="Address the API listens on.")
    api_port: int = Field(8080, ge=0, le=65535, description="Port the API listens on; 0 takes a free one.")
    api_cors_origins: str = Field("", description="Comma-separated origins that browsers may call from; empty: none.")
    api_drain_seconds: float = Field(10.0, gt=0, description="Seconds that running requests get to end on SIGTERM.")
    api_drain_notice_seconds: float = Field(
        0.0, ge=0, description="Seconds between /readyz turning false and the end of live streams, for load balancers."
    )

    api_query_timeout_seconds: float = Field(10.0, gt=0, description="Longest time of one ClickHouse query, seconds.")
    api_query_concurrency: int = Field(8, gt=0, description="ClickHouse queries at once; more of them wait.")
    api_query_share_seconds: float = Field(
        0.2,
        ge=0,
        description="Seconds for which an answer of ClickHouse serves all who ask the same; 0: while awaited.",
    )
    api_query_share_bytes: int = Field(32 * MEBIBYTE, ge=0, description="Bytes of answers kept for that.")

    api_explanation_patience_seconds: float = Field(
        3600.0, gt=0, description="Seconds after its analysis for which an execution's explanation is awaited."
    )

    api_body_limit_bytes: int = Field(8 * MEBIBYTE, gt=0, description="Largest request body, bytes.")
    api_ingest_events: int = Field(1000, gt=0, description="Most events in one POST /v1/commands.")
    api_ingest_event_bytes: int = Field(
        1_000_000, gt=0, description="Largest event of an ingest as it is encoded, bytes; the broker's limit is close."
    )
    api_ingest_timeout_seconds: float = Field(
        5.0, gt=0, description="Longest wait for the broker's acknowledgement of an ingest, seconds."
    )

    api_analyze_processes: int = Field(2, gt=0, description="Outputs of POST /v1/analyze that are analysed at once.")
    api_analyze_waiting: int = Field(
        32, ge=0, description="Outputs that wait for their analysis before more are refused."
    )
    api_analyze_outputs: int = Field(20, gt=0, description="Most outputs in one POST /v1/analyze.")
    api_analyze_timeout_seconds: float = Field(
        5.0, gt=0, description="Seconds until the process that analyses an output is killed; its deadline comes first."
    )

    api_suggestion_min_users: int = Field(
        2,
        ge=1,
        description="Different people who must have typed a command before it is suggested: one person's habit is no "
        "advice, and stays private. 1 where one person works alone.",
    )

    api_live_subscribers: int = Field(2000, gt=0, description="Live streams (SSE and WebSocket) at once.")
    api_live_queue_events: int = Field(
        10_000, gt=0, description="Events that wait for a slow live stream before it is cut; streams share them."
    )
    api_live_replay_events: int = Field(1000, ge=0, description="Most events replayed to a resuming live stream.")
    api_live_heartbeat_seconds: float = Field(15.0, gt=0, description="Seconds between heartbeats of a live stream.")
