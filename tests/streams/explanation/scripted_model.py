"""A model whose answers a test chooses, for what does not depend on HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.explanation.model import Message, Reply


@dataclass
class ScriptedModel:
    """Gives the replies in turn; keeps conversations and schemas."""

    replies: list[Reply]
    name: str = "scripted"
    conversations: list[Sequence[Message]] = field(default_factory=list)
    schemas: list[Mapping[str, Any]] = field(default_factory=list)

    @classmethod
    def saying(cls, *texts: str) -> "ScriptedModel":
        return cls([Reply(text, 100, 20) for text in texts])

    async def complete(self, conversation: Sequence[Message], schema: Mapping[str, Any]) -> Reply:
        self.conversations.append(conversation)
        self.schemas.append(schema)
        return self.replies.pop(0)
