"""A purge of the caches."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Purge:
    """What is to be forgotten.

    `tenant` and `device` narrow it down; "" is every tenant, and no device in particular.
    """

    outputs: bool = False
    explanations: bool = False
    tenant: str = ""
    device: str = ""

    def to_json(self) -> str:
        """Return it as it is announced."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Purge":
        """Return what `to_json` wrote."""
        return cls(**json.loads(text))
