"""Complete answers that hold no data: nothing configured, nothing found, an empty table."""

import re
from typing import Final

from streams.analysis.document import Document

_NOTHING_THERE: Final = re.compile(
    r"^\W*(?:OSPF|BGP|IS-?IS|EIGRP|RIP|LLDP|MLAG|VPC|BFD|PIM|IGMP|LDP|MPLS|STP)\b[\w ]*"
    r"\b(?:not (?:found|running|configured|enabled|active)|(?:inactive|disabled))\.?\s*$",
    re.IGNORECASE,
)
_TABLE_HEADS: Final = re.compile(r"^port\s+vlan ids$|^Filesystem\s.*Mounted on$", re.IGNORECASE)


def is_empty_answer(document: Document) -> bool:
    """Whether the output is one line that says there is nothing, or a table's heading without a row."""
    lines = [line.strip() for line in document.body if line.strip()]
    return len(lines) == 1 and bool(_NOTHING_THERE.match(lines[0]) or _TABLE_HEADS.match(lines[0]))
