"""What an explanation depends on beside its fingerprint, which holds the versions of parsers and rules itself."""

import hashlib
from typing import Final

PROMPT_VERSION: Final = "1"
"""Version of prompt, answer and policy together; with a new one every fingerprint is explained anew."""


def explanation_version(model: str) -> str:
    """Return a name that changes with the prompt and the model, as 16 hexadecimal digits."""
    return hashlib.blake2b(f"{PROMPT_VERSION}\0{model}".encode(), digest_size=8).hexdigest()
