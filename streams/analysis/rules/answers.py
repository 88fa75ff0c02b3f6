"""Complete answers that hold no data: nothing configured, nothing found, an empty table."""

import re
from typing import Final

from streams.analysis.document import Document

_SUBJECTS: Final = (
    r"(?!.*\b(?:command|file|directory|host|hostname|server|connection|license|permission|user|service)s?\b)"
)
_NOTHING_THERE: Final = re.compile(
    # The feature is off, the thing is not there: "OSPF instance not found", "% Interface does not exist".
    rf"^\W*{_SUBJECTS}(?:[\w./:*-]+ ){{1,8}}(?:is |are |has |have )?(?:currently |been )?"
    r"(?:not (?:been )?(?:found|running|configured|enabled|active|initiali[sz]ed|in table)|inactive|disabled)"
    r"(?: (?:on|in|for|under|with) [\w ./:*'\"-]{1,60})?\W*$"
    rf"|^\W*{_SUBJECTS}(?:[\w./:*'\"-]+ ){{1,10}}(?:does|do) not exist\W*$"
    # There is none of it: "No CTS credentials exist.", "% No matching routes found", "There are no peers".
    rf"|^\W*(?:info: ?)?(?:there (?:is|are) )?no {_SUBJECTS}(?!such|route to|response|reply|answer|space|carrier)"
    r"[\w ./()'\"-]{0,60}?(?:found|configured|exists?|present|enabled|active|defined|registered|learned|entries|peers"
    r"|neighbou?rs|sessions|routes|in (?:the )?(?:table|system|use|database|key store))\W*$"
    # None of it was counted: "0 logs found.", "Total number of neighbors: 0".
    r"|^(?:0|zero) [\w ]{1,40}(?:found|returned|listed|displayed)\W*$"
    r"|^(?:total )?(?:number of )[\w ]{1,40}: ?0$",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(
    r"^VRF:? \S+$|^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d{1,2} \d\d:\d\d:\d\d\b|^-+$", re.IGNORECASE
)
_COLUMN_TITLE: Final = r"[A-Z][A-Za-z#/()]*(?: [A-Za-z#/()]+)*"
# Known headings, and any three titles that stand apart.
_TABLE_HEADS: Final = re.compile(
    rf"^port\s+vlan ids$|^Filesystem\s.*Mounted on$|^{_COLUMN_TITLE}(?:\s{{2,}}{_COLUMN_TITLE}){{2,}}$"
)
_RULER: Final = re.compile(r"^[-=+| ]*-{3,}[-=+| ]*$|^=+$")
_MOST_LINES: Final = 12
_LONGEST_LEGEND: Final = 40


def is_empty_answer(document: Document) -> bool:
    """Whether the output says no more than that there is nothing, or is a table's heading without a row."""
    if len(document.text) > _LONGEST_LEGEND * 120:
        return False
    lines = [line.strip() for line in document.body if line.strip()]
    if len(lines) == 1 and _TABLE_HEADS.match(lines[0]):
        return True
    return _says_nothing(lines) or _ends_in_a_heading(lines)


def _says_nothing(lines: list[str]) -> bool:
    telling = [line for line in lines if not _TITLE.match(line)]
    return 0 < len(telling) <= _MOST_LINES and all(_NOTHING_THERE.match(line[:200]) for line in telling)


def _ends_in_a_heading(lines: list[str]) -> bool:
    """Whether a ruled table heading is all that follows the legend."""
    if not 2 <= len(lines) <= _LONGEST_LEGEND or not _RULER.match(lines[-1]):
        return False
    heading = lines[-2]
    return len(heading.split()) >= 2 and not _RULER.match(heading) and not any(char.isdigit() for char in heading)
