"""How risky a command is, decided by lists of ours: a model's own word counts for nothing.

A command that no list describes as one that only reads needs approval, however harmless it may be.
"""

import re
from enum import StrEnum

from schemas import command_patterns as patterns


class Risk(StrEnum):
    """The symbols of Analysis.suggestions[].risk."""

    UNKNOWN = "UNKNOWN"
    READ_ONLY = "READ_ONLY"
    APPROVAL_REQUIRED = "APPROVAL_REQUIRED"
    REFUSED = "REFUSED"


_PLAIN = re.compile(r"(?:[\w./:@%,+=\[\]-]|(?<!\S)\{[a-z][a-z0-9_]*\}(?!\S)| )+", re.ASCII)
"""No quote, no shell metacharacter, no line break; a placeholder stands for a whole word (`schemas.placeholders`)."""
_SUDO = re.compile(r"\A(?:sudo|doas) ")
_VTYSH = re.compile(r"vtysh -c (?P<quote>[\"'])(?P<command>show [^\"']*)(?P=quote)")
_SEPARATOR = re.compile(r"[;|&\n]+")
_FILTERS = re.compile(r"\|[^;&\n]*")
_WRAPPER = re.compile(r"\A(?:(?:sudo|doas|nohup|time|command|env|nice|timeout \S+)(?: -\S+)* |\w+=\S+ )+")
_PATH = re.compile(r"\A/(?:usr/)?(?:local/)?s?bin/")


def risk_of(command: str, os_type: str = "") -> Risk:
    """Return the risk of running `command` on a system of `os_type`; "" is a system of any kind.

    Judge again what has been filled in for placeholders: a value may hold what a template did not.
    """
    text = command.strip()
    if not text:
        return Risk.REFUSED
    if _only_reads(text, os_type):
        return Risk.READ_ONLY
    if patterns.DESTROYS.search(" ".join(text.lower().split(" "))):
        return Risk.REFUSED
    return Risk.APPROVAL_REQUIRED


def changes_configuration(command: str, os_type: str = "") -> bool:
    """Tell whether running `command` may leave the system configured otherwise; "" is a system of any kind."""
    line = command.strip()
    if patterns.WRITES_TO_SYSTEM_FILES.search(line):
        return True
    if not _families(os_type)[0]:
        line = _FILTERS.sub("", line)  # what stands behind a bar on a network system only filters
    return any(_configures(part, os_type) for part in _SEPARATOR.split(line))


def _only_reads(text: str, os_type: str) -> bool:
    inner = _VTYSH.fullmatch(_SUDO.sub("", text, count=1))
    plain = inner["command"] if inner else text
    if not _PLAIN.fullmatch(plain):
        return False
    words = _simplified(_SUDO.sub("", plain, count=1))
    if patterns.READS_ANYWHERE.fullmatch(words):
        return True
    unix, network = _families(os_type)
    if unix and network:  # the shell of one is the `show` of the other
        return patterns.READS_ON_UNIX.fullmatch(words) is not None
    known = patterns.READS_ON_UNIX if unix else patterns.READS_ON_NETWORK_SYSTEMS
    return known.fullmatch(words) is not None


def _configures(part: str, os_type: str) -> bool:
    words = _simplified(_WRAPPER.sub("", part.strip() + " ", count=1) if part.strip() else "")
    if not words or _only_reads(words, os_type):
        return False
    unix, network = _families(os_type)
    return (unix and patterns.CONFIGURES_UNIX.search(words) is not None) or (
        network
        and patterns.CONFIGURES_NETWORK_SYSTEMS.search(words) is not None
        and patterns.PRINTS_ON_NETWORK_SYSTEMS.search(words) is None
    )


def _simplified(text: str) -> str:
    return _PATH.sub("", " ".join(text.split()), count=1).lower()


def _families(os_type: str) -> tuple[bool, bool]:
    """Return whether the system may be a Unix, and whether it may be a network system."""
    name = os_type.strip().lower()
    unix = name.startswith(patterns.UNIX_SYSTEMS)
    return not name or unix, not unix
