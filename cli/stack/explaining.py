"""Who explains findings in a local stack."""

from collections.abc import Mapping
from dataclasses import dataclass

from cli.stack.model.weights import MODEL_NAME, model_is_installed
from streams.explanation.settings import ModelSettings

_FOR_A_SMALL_MODEL = {
    "NETCOPILOT_LLM_GUIDED": "true",
    "NETCOPILOT_LLM_TIMEOUT_SECONDS": "300",
    "NETCOPILOT_LLM_MAX_TOKENS": "500",
    "NETCOPILOT_EXPLAINER_CONCURRENCY": "1",
    "NETCOPILOT_EXPLAINER_DRAIN_SECONDS": "1",
    "NETCOPILOT_EXPLAIN_VERDICTS": "critical,warning",
}
"""One question at a time, with patience, and none where all is well: it shares the cores with everything else."""


@dataclass(frozen=True, slots=True)
class Explaining:
    """A model's endpoint, or none."""

    base_url: str = ""
    model: str = ""
    demonstration: bool = False
    """Whether it is the model that this stack serves itself."""

    @classmethod
    def chosen(cls, *, host: str, port: int) -> "Explaining":
        """Return the model of the settings, else the demonstration model where it is installed, else none."""
        settings = ModelSettings()
        if settings.llm_base_url:
            return cls(settings.llm_base_url, settings.llm_model)
        if model_is_installed():
            return cls(f"http://{host}:{port}/v1", MODEL_NAME, demonstration=True)
        return cls()

    def environment(self) -> Mapping[str, str]:
        """Return the settings that lead a process to the model; none where there is none."""
        if not self.base_url:
            return {}
        shared = {
            "NETCOPILOT_EXPLAIN": "true",
            "NETCOPILOT_LLM_BASE_URL": self.base_url,
            "NETCOPILOT_LLM_MODEL": self.model,
        }
        return shared | _FOR_A_SMALL_MODEL if self.demonstration else shared
