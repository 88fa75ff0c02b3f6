"""The command with its arguments as placeholders: what executions of one kind have in common."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from streams.analysis.cli_language import neighbouring_words, spelled_out
from streams.analysis.command_line import CommandLine, read_command
from streams.analysis.platform import Platform, platform_of

SCRIPT: Final = "{script}"
FILTER: Final = "| {filter}"

_PROGRAM: Final = re.compile(r"[A-Za-z][\w.+-]{0,30}")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?[smhdkKMG]?")
_WORD: Final = re.compile(r"[a-z](?:[a-z-]*[a-z])?|\*|ipv[46]|vpnv[46]|l[23][a-z-]*")
_OPTION: Final = re.compile(r"-[A-Za-z]{1,3}|-[46]|--[a-z][a-z-]{1,30}")
_ATTACHED: Final = re.compile(r"(?P<option>-[A-Za-z])(?P<value>\d+(\.\d+)?)")
_ASSIGNED: Final = re.compile(r"(?P<option>--[a-z][a-z-]{1,30}=)(?P<value>.*)")
_QUERY: Final = re.compile(r"\+[a-z]{2,20}|(?i:A|AAAA|ANY|CAA|CNAME|DS|DNSKEY|MX|NS|PTR|SOA|SRV|TXT)")
_SHELL_SYNTAX: Final = re.compile(r"[$`(){}<>\[\]\n]|\b(?:if|then|elif|else|fi|for|while|until|do|done|case|esac)\b")
_KERNEL_PATH: Final = re.compile(r"/proc(?:/[a-z_]+)+")
_MOST_PARTS: Final = 5
_INTERFACE_TYPE: Final = re.compile(r"(?P<after>(?:^|\s)int\w*\s+[A-Za-z][A-Za-z-]+)\s+(?=\d+(?:[/.:]\d+)*(?:\s|$))")
_ADDRESSES: Final = (
    (re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE), "{mac}"),
    (re.compile(r"(\d{1,3}\.){3}\d{1,3}(/\d+)?"), "{address}"),
    (re.compile(r"[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*(/\d+)?", re.IGNORECASE), "{address}"),
)
_SLOTS: Final = (
    (re.compile(r"[a-z][a-z-]*\d+([/.:]\d+)*(@\w+)?|\d+(/\d+)+([.:]\d+)?", re.IGNORECASE), "{interface}"),
    (re.compile(r"~?/\S*|\S+/\S*"), "{path}"),
    (re.compile(r"[\w-]+(\.[\w-]+)+\.?"), "{host}"),
)
_TO_HOSTS: Final = frozenset(
    {"ping", "ping6", "traceroute", "traceroute6", "tracepath", "mtr", "dig", "kdig", "drill", "host", "nslookup",
     "ssh", "telnet", "nc", "curl", "wget"}
)  # fmt: skip
_ASKING: Final = frozenset({"dig", "kdig", "drill", "host"})
_OWN_WORDS: Final = frozenset(
    {"show", "display", "get", "ip", "bridge", "systemctl", "df", "free", "uptime", "ss", "netstat", "arp",
     "ifconfig", "route", "uname", "top", "ps", "vmstat", "timedatectl", "hostnamectl", "ntpq", "chronyc", "nmcli",
     "lsblk", "mount", "lldpctl", "lldpcli", "net", "nv", "dir", "who", "w", "last", "id", "date", "hostname",
     "resolvectl", "iostat", "mpstat", "sensors"}
)  # fmt: skip
_NAME_FOLLOWS: Final = frozenset(
    {"vrf", "dev", "user", "name", "instance", "neighbor", "neighbors", "description", "community", "password",
     "key", "secret", "route-map", "prefix-list", "policy", "vlan", "context", "peer-group", "access-list",
     "access-lists", "class-map", "policy-map", "object", "object-group"}
)  # fmt: skip
_KEPT_NAMES: Final = frozenset(
    {"all", "brief", "default", "detail", "details", "extensive", "instance", "interface", "json", "list", "neighbor",
     "show", "status", "summary", "terse", "vrf", "advertised-routes", "received-routes", "routes", "*"}
)  # fmt: skip


@lru_cache(maxsize=4096)
def command_template(command: str, os_type: str = "") -> str:
    """Return `command` with its arguments as placeholders, e.g. `ping -c {n} {host}`.

    Only words known to be part of a command's own language stay, in full where they were abbreviated; every word
    that may be data becomes `{n}`, `{address}`, `{mac}`, `{host}`, `{interface}`, `{path}`, `{name}` or `{arg}`, so
    that no secret and no name survives. Several simple commands in a line keep their places (`df -h; free`); a
    line that a shell has to interpret is beyond that knowledge: it becomes `{script}`.
    """
    line = read_command(command)
    if not line.words:
        return ""
    if line.compound:
        return _of_parts(line.parts, os_type)
    if line.text.startswith("<"):
        return _xml_template(line.text)
    return " ".join(_slots(line, platform_of(os_type)) + ([FILTER] if line.filtered else []))


def _of_parts(parts: tuple[str, ...], os_type: str) -> str:
    if len(parts) > _MOST_PARTS or any(_SHELL_SYNTAX.search(part) for part in parts):
        return SCRIPT
    return "; ".join(command_template(part.strip(), os_type) for part in parts)


def _xml_template(text: str) -> str:
    """Return an XML API request's element names; its texts and attributes are arguments."""
    return " ".join(name for name in re.findall(r"<([A-Za-z][\w-]*)", text))


def _slots(line: CommandLine, platform: Platform) -> list[str]:
    words = _INTERFACE_TYPE.sub(r"\g<after>", " ".join(spelled_out(line, platform))).split()
    if words[0] == "sh" and not platform.unix:
        words[0] = "show"
    program = words[0] if _PROGRAM.fullmatch(words[0]) else "{arg}"
    language = neighbouring_words(platform.ntc)
    return [program, *(_slot(program, pair, language) for pair in pairwise(words))]


def _slot(program: str, pair: tuple[str, str], language: frozenset[tuple[str, str]]) -> str:
    previous, word = pair[0].lower(), pair[1]
    if _OPTION.fullmatch(word) or (program in _ASKING and _QUERY.fullmatch(word)):
        return word
    if option := _ATTACHED.fullmatch(word):
        return f"{option['option']} {{n}}"
    if option := _ASSIGNED.fullmatch(word):
        return option["option"] + _data_slot(option["value"])
    if _NUMBER.fullmatch(word):
        return "{n}"
    if pair in language or _KERNEL_PATH.fullmatch(word):
        return word
    return _argument(program, previous, word)


def _argument(program: str, previous: str, word: str) -> str:
    address = next((slot for pattern, slot in _ADDRESSES if pattern.fullmatch(word)), None)
    if program in _TO_HOSTS or previous in _TO_HOSTS:
        return "{host}"
    if address:
        return address
    if previous in _NAME_FOLLOWS and word.lower() not in _KEPT_NAMES:
        return "{name}"
    return word if program in _OWN_WORDS and _WORD.fullmatch(word) else _data_slot(word)


def _data_slot(word: str) -> str:
    if _NUMBER.fullmatch(word):
        return "{n}"
    return next((slot for pattern, slot in (*_ADDRESSES, *_SLOTS) if pattern.fullmatch(word)), "{arg}")
