"""Settings of `netcopilot replay`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from runtime.settings import ClickHouseSettings, ExplainSettings, KafkaSettings, ProcessSettings
from streams.settings import EngineSettings


class ReplaySettings(KafkaSettings, ClickHouseSettings, EngineSettings, ExplainSettings, ProcessSettings):
    """What `netcopilot replay` takes: where everything is, and what decides an analysis."""

    log_format: Literal["json", "pretty"] = Field("pretty", description="Shape of log lines on standard error.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="Least level logged.")
    replay_dir: Path = Field(Path("data/replays"), description="Folder for how far replays came.")
    replay_processes: int = Field(2, ge=1, le=64, description="Processes that analyse; each takes a core.")
    replay_cache_bytes: int = Field(128 << 20, ge=0, description="Bytes of analyses kept for outputs that come again.")
