"""Whether a text denies what the findings say: the verdict is never the model's."""

import re
from typing import Final

_ALL_IS_WELL: Final = re.compile(
    r"\b(all|everything|every \w+|the (system|network|device|output|command)) (\w+ )?(is|are|looks?|seems?|works?)"
    r" (\w+ )?(well|fine|ok|okay|good|normal|normally|healthy|correctly|properly|as expected)\b"
    r"|\bno (\w+ )?(problems?|issues?|errors?|faults?|action)( \w+)? (is|are|was|were|found|detected|needed|required)\b"
    r"|\bnothing (is |to |seems )?(wrong|worry|be done|do)\b|\ball clear\b|\b(can|may|should) (safely )?be ignored\b",
    re.IGNORECASE,
)
_BAD_VERDICTS: Final = frozenset({"warning", "critical"})


def contradicts(text: str, verdict: str) -> bool:
    """Tell whether `text` says that all is well though the verdict says otherwise."""
    return verdict in _BAD_VERDICTS and _ALL_IS_WELL.search(text) is not None
