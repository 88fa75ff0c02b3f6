"""The command with its arguments as placeholders: what executions of one kind have in common."""

import re
from functools import lru_cache
from typing import Final

from streams.analysis.command_line import CommandLine, read_command

_PROGRAM: Final = re.compile(r"[A-Za-z][\w.+-]{0,30}")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?[smhdkKMG]?")
_WORD: Final = re.compile(r"[a-z](?:[a-z-]*[a-z])?|\*|ipv[46]|vpnv[46]|l[23][a-z-]*")
_OPTION: Final = re.compile(r"-[A-Za-z]{1,3}|--[a-z][a-z-]{1,30}")
_SLOTS: Final = (
    (re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE), "{mac}"),
    (re.compile(r"(\d{1,3}\.){3}\d{1,3}(/\d+)?", re.IGNORECASE), "{address}"),
    (re.compile(r"[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*(/\d+)?", re.IGNORECASE), "{address}"),
    (re.compile(r"[a-z][a-z-]*\d+([/.:]\d+)*(@\w+)?", re.IGNORECASE), "{interface}"),
    (re.compile(r"~?/\S*|\S+/\S*"), "{path}"),
    (re.compile(r"[\w-]+(\.[\w-]+)+\.?"), "{host}"),
)
_TO_HOSTS: Final = frozenset(
    {"ping", "ping6", "traceroute", "traceroute6", "tracepath", "mtr", "dig", "host", "nslookup", "ssh", "telnet",
     "nc", "curl", "wget"}
)  # fmt: skip
_OWN_WORDS: Final = frozenset(
    {"show", "sh", "display", "get", "ip", "bridge", "systemctl", "df", "free", "uptime", "ss", "netstat", "arp",
     "ifconfig", "route", "uname", "top", "ps", "vmstat", "timedatectl", "hostnamectl", "ntpq", "chronyc", "nmcli",
     "lsblk", "mount", "lldpctl", "net", "dir", "who", "w", "last", "id", "date", "hostname"}
)  # fmt: skip
_NAME_FOLLOWS: Final = frozenset(
    {"vrf", "dev", "user", "name", "instance", "neighbor", "neighbors", "description", "community", "password",
     "key", "secret", "route-map", "prefix-list", "policy", "vlan", "context", "peer-group", "access-list",
     "access-lists", "class-map", "policy-map", "object", "object-group"}
)  # fmt: skip
_KEPT_NAMES: Final = frozenset(
    {"all", "brief", "default", "detail", "details", "extensive", "instance", "interface", "json", "list", "neighbor",
     "show", "status", "summary", "terse", "*"}
)  # fmt: skip


@lru_cache(maxsize=4096)
def command_template(command: str) -> str:
    """Return `command` with its arguments as placeholders, e.g. `ping -c {n} {host}`.

    Only words known to be part of a command's own language stay; every word that may be data becomes
    `{n}`, `{address}`, `{host}`, `{interface}`, `{path}` or `{arg}`, so that no secret and no name survives.
    A compound line (`a; b`) is beyond that knowledge: it becomes `{script}`.
    """
    line = read_command(command)
    if line.compound or not line.words:
        return "{script}" if line.words else ""
    if line.text.startswith("<"):
        return _xml_template(line.text)
    return " ".join(_slots(line) + (["| {filter}"] if line.filtered else []))


def _xml_template(text: str) -> str:
    """Return an XML API request's element names; its texts and attributes are arguments."""
    return " ".join(name for name in re.findall(r"<([A-Za-z][\w-]*)", text))


def _slots(line: CommandLine) -> list[str]:
    program = line.program if _PROGRAM.fullmatch(line.program) else "{arg}"
    pairs = zip(line.words, line.words[1:], strict=False)
    return [program, *(_slot(program, previous.lower(), word) for previous, word in pairs)]


def _slot(program: str, previous: str, word: str) -> str:
    if _OPTION.fullmatch(word):
        return word
    if _NUMBER.fullmatch(word):
        return "{n}"
    if previous in _NAME_FOLLOWS and word.lower() not in _KEPT_NAMES:
        return "{name}"
    if program in _TO_HOSTS:
        return "{host}"
    if program in _OWN_WORDS and _WORD.fullmatch(word):
        return word
    return next((slot for pattern, slot in _SLOTS if pattern.fullmatch(word)), "{arg}")
