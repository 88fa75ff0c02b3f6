"""The command with its arguments as placeholders: what executions of one kind have in common."""

import re
from functools import lru_cache
from typing import Final

from streams.analysis.command_line import CommandLine, read_command

_ADDRESS: Final = re.compile(r"(\d{1,3}\.){3}\d{1,3}(?P<prefix>/\d+)?|[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*(/\d+)?", re.I)
_MAC: Final = re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.I)
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?[smhdkKMG]?")
_INTERFACE: Final = re.compile(r"[a-z][a-z-]*\d+([/.:]\d+)*(@\w+)?", re.I)
_PATH: Final = re.compile(r"~?/\S*|\S+/\S*")
_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+\.?")
_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]|[a-z]|\*", re.I)
_OPTION: Final = re.compile(r"--?[A-Za-z][\w-]*")
_TARGETS: Final = {
    **dict.fromkeys(
        ("ping", "ping6", "traceroute", "traceroute6", "tracepath", "mtr", "dig", "host", "nslookup"), "{host}"
    ),
    **dict.fromkeys(("ssh", "telnet", "nc", "curl", "wget"), "{host}"),
}
_VERBS: Final = frozenset(
    "show sh display get ip bridge systemctl df free uptime ss netstat arp ifconfig route uname top ps vmstat"
    " timedatectl hostnamectl ntpq chronyc nmcli lsblk mount lldpctl net dir who w last id date hostname".split()
)
_NAME_FOLLOWS: Final = frozenset(
    {"vrf", "dev", "user", "name", "instance", "neighbor", "neighbors", "description", "community", "password",
     "key", "secret", "route-map", "prefix-list", "policy", "vlan", "context", "peer-group"}
)  # fmt: skip
_KEPT_NAMES: Final = frozenset({"all", "detail", "details", "summary", "brief", "default", "json", "*"})


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
    slots = [line.program]
    for previous, word in zip(line.words, line.words[1:], strict=False):
        slots.append(_slot(line.program, previous, word))
    return slots


def _slot(program: str, previous: str, word: str) -> str:
    if _OPTION.fullmatch(word):
        return word
    if previous.lower() in _NAME_FOLLOWS and word.lower() not in _KEPT_NAMES:
        return "{n}" if word.isdigit() else "{name}"
    if _NUMBER.fullmatch(word):
        return "{n}"
    if program in _TARGETS:
        return _TARGETS[program]
    for pattern, slot in ((_MAC, "{mac}"), (_ADDRESS, "{address}"), (_INTERFACE, "{interface}"), (_PATH, "{path}")):
        if pattern.fullmatch(word):
            return slot
    if _HOST.fullmatch(word) and "." in word:
        return "{host}"
    return word if program in _VERBS and _WORD.fullmatch(word) else "{arg}"
