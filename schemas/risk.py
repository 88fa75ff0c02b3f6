"""How risky a suggested command is, decided by a list of what only reads: everything else needs approval."""

import re
from enum import StrEnum


class Risk(StrEnum):
    """The symbols of Analysis.suggestions[].risk."""

    UNKNOWN = "UNKNOWN"
    READ_ONLY = "READ_ONLY"
    APPROVAL_REQUIRED = "APPROVAL_REQUIRED"
    REFUSED = "REFUSED"


_READS = re.compile(
    r"(show|sh|display|ping|ping6|traceroute|tracepath|mtr|df|free|uptime|ss|netstat|dig|host|nslookup)\b"
)
_DESTROYS = re.compile(r"\b(rm|mkfs\S*|dd|reload|reboot|shutdown|poweroff|halt|erase|format|delete|wipefs)\b")
_SHELL = re.compile(r"[;&|><`\n]|\$\(")


def risk_of(command: str, os_type: str = "") -> Risk:  # noqa: ARG001  # the families' own words are to come
    """Return the risk of running `command` on a system of `os_type`; "" is any system."""
    text = command.strip()
    if not text or _DESTROYS.search(text):
        return Risk.REFUSED
    if _READS.match(text) and not _SHELL.search(text):
        return Risk.READ_ONLY
    return Risk.APPROVAL_REQUIRED
