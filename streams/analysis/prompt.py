"""What a shell or a network CLI prints before it waits for a command."""

import re
from typing import Final

_PROMPT: Final = (
    r"(?:(?:\[[^\]\n]{1,80}\] ?|[\w.@:/~()\[\]-]{0,80})[#>$%]"  # Unix shells, Cisco, Arista, Juniper, MikroTik
    r"|<[\w.-]{1,64}>|\[[~*]?[\w./-]{1,64}\](?=\s*(?:dis|$))"  # Huawei, Comware: user view, system view
    r"|[A-Z]:\\[^>\n]{0,200}>)\s*"  # Windows
)
_ALONE: Final = re.compile(_PROMPT)
_LEADING: Final = re.compile(_PROMPT + r"(?=[^\s<])")
_ROLE: Final = re.compile(r"\{(?:master|backup|primary|secondary|linecard)(?::\d+)?\}\s*")


def is_prompt(text: str) -> bool:
    """Whether `text` is a prompt and nothing else, or the line that Junos prints above one (`{master:0}`)."""
    return len(text) > 1 and (_ALONE.fullmatch(text) is not None or _ROLE.fullmatch(text) is not None)


def without_prompt(typed: str) -> str:
    """Return a recorded command line without the prompt before it."""
    return _LEADING.sub("", typed, count=1) if _LEADING.match(typed) else typed
