"""Settings of `netcopilot analyze`."""

from pydantic import Field

from runtime.settings import ProcessSettings


class AnalyzeSettings(ProcessSettings):
    """What decides an analysis beside the output: the same settings as the worker's."""

    tenant_id: str = Field("default", min_length=1, description="Tenant whose thresholds apply.")
    parse_deadline_seconds: float = Field(0.25, gt=0, description="Seconds a parse may take before it is interrupted.")
