"""What the explainer needs of a language model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote; `declined` says that it, or its provider, would not answer."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    declined: bool = False


class Model(Protocol):
    """A model behind some endpoint."""

    @property
    def name(self) -> str:
        """The model's name, as it is shown to readers and part of what an explanation depends on."""

    async def complete(self, conversation: Sequence[Message], schema: Mapping[str, Any]) -> Reply:
        """Return the model's answer: JSON after `schema`, where the model keeps to it.

        Raises:
            TransientError: the endpoint did not answer, is busy or failed.
            ConfigurationError: it does not know the key or the model.
            DataError: it refuses this conversation, now and ever.

        """
