"""Settings of `netcopilot analyze`."""

from pydantic import Field

from runtime.settings import ProcessSettings
from streams.explanation.settings import ModelSettings
from streams.settings import EngineSettings


class AnalyzeSettings(ProcessSettings, EngineSettings, ModelSettings):
    """What decides an analysis beside the output, and the model that explains it."""

    tenant_id: str = Field("default", min_length=1, description="Tenant of outputs that name none.")
