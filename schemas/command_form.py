"""What commands of one kind have in common, in a text that a person can run again.

`ping -c 4 10.0.0.9` and `ping -c 4 core1` have the form `ping -c 4 {host}`: names, addresses and whatever may be
somebody's data become placeholders; keywords, options and their numbers stay as people type them. (The analysis'
`command_template` serves another end: it is the coarsest text under which outputs mean the same, and may not run.)
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

_SCRIPT: Final = "{script}"
_MOST_CHARACTERS: Final = 500
_WORD: Final = re.compile(r"""\||(?:[^\s|"']|"[^"]*"|'[^']*')+|["']""")
_QUOTED: Final = re.compile(r"""(["'])(.*)\1""")
_COMPOUND: Final = re.compile(r"[;&`\n<>]|\$\(|\|\|")
_PROGRAM: Final = re.compile(r"[A-Za-z][\w.+-]{0,30}")
_PREFIXES: Final = frozenset({"sudo", "doas", "time", "command"})
_OPTION: Final = re.compile(r"-[A-Za-z]{1,4}|--[a-z][a-z-]{1,30}|-[A-Za-z]?\d{1,4}")
_OPTION_NUMBER: Final = re.compile(r"(?<= )(-[A-Za-z]) ?\d+(\.\d+)?(?= |$)")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?[smhdkKMG]?")
_KEYWORD: Final = re.compile(
    r"[A-Za-z][A-Za-z_-]{0,30}|\*|ipv[46]|vpnv[46]|inet6|l[23][a-z-]*|ospf(v3|3)|md5|[\w-]+\.(service|socket|timer|target)"
)
_SYSTEM_PATH: Final = re.compile(r"/(proc|sys|etc|var/log)(/[a-z_.-]+)+")
_KINDS: Final = (
    ("mac", re.compile(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE)),
    ("address", re.compile(r"(\d{1,3}\.){3}\d{1,3}(/\d+)?|[0-9a-f]*:[0-9a-f:]*:[0-9a-f.]*(/\d+)?", re.IGNORECASE)),
    ("interface", re.compile(r"[a-z][a-z-]*\d+([/.:]\d+)*(@\w+)?", re.IGNORECASE)),
    ("port", re.compile(r"\d+(/\d+)+([.:]\d+)?")),
    ("url", re.compile(r"[a-z]+://\S+")),
    ("path", re.compile(r"~?/\S*|\S+/\S*")),
    ("host", re.compile(r"[\w-]+(\.[\w-]+)+\.?")),
)
_TO_HOSTS: Final = frozenset(
    {"ping", "ping6", "traceroute", "traceroute6", "tracepath", "mtr", "dig", "host", "nslookup", "ssh", "telnet"}
)
_RECORD_TYPE: Final = re.compile(r"A|AAAA|ANY|CNAME|MX|NS|PTR|SOA|SRV|TXT|any|mx|ns|soa|txt")
_NAME_FOLLOWS: Final = frozenset(
    {"vrf", "dev", "user", "name", "neighbor", "neighbors", "description", "community", "password", "secret", "key",
     "route-map", "prefix-list", "policy", "context", "peer-group", "access-list", "class-map", "policy-map", "object"}
)  # fmt: skip
_NO_NAMES: Final = frozenset(
    {"all", "brief", "default", "detail", "details", "extensive", "instance", "interface", "json", "list", "neighbor",
     "show", "status", "summary", "terse", "vrf", "advertised-routes", "received-routes", "routes", "*"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Argument:
    """A placeholder's place in a form, and the word of the command that stands there."""

    kind: str
    """host, address, interface, port, mac, name, url, path, n or arg."""
    value: str
    after: str
    """The word before it, in lower case: a name after `vrf` is no name after `neighbors`."""


@dataclass(frozen=True, slots=True)
class Form:
    """A command's form; `text` is empty where a line is no single command, and can be suggested to nobody."""

    text: str
    key: str
    """The text without `sudo`, filters and numbers of options: what commands have in common that others follow."""
    arguments: tuple[Argument, ...]
    """Of all placeholders in the text, in their order."""


@lru_cache(maxsize=4096)
def form_of(command: str) -> Form:
    """Return the form of a command line as it was typed."""
    line = command.strip()
    if len(line) > _MOST_CHARACTERS or _COMPOUND.search(line):
        return Form("", _SCRIPT, ())
    arguments: list[Argument] = []
    text = _generalise(_WORD.findall(line), arguments)
    return Form(text, _key(text), tuple(arguments))


def kind_of(word: str) -> str:
    """Return the kind of thing that a word looks like; empty where it looks like a keyword or nothing known."""
    if _KEYWORD.fullmatch(word):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(word)), "")


def _generalise(words: list[str], arguments: list[Argument]) -> str:
    """Return the words as a form's text, and append what its placeholders stand for."""
    done: list[str] = []
    program, previous = "", ""
    for word in words:
        if not program and word not in _PREFIXES:
            program = word.rpartition("/")[2]
            done.append(word if _PROGRAM.fullmatch(program) else _placeholder("arg", word, previous, arguments))
        elif quoted := _QUOTED.fullmatch(word):
            done.append(_generalise_quoted(quoted, program, arguments))
        else:
            done.append(_slot(word, previous, program, arguments))
        previous = word.lower()
    return " ".join(done)


def _generalise_quoted(quoted: re.Match[str], program: str, arguments: list[Argument]) -> str:
    """Take a quoted text for a command of its own (`vtysh -c "show ip bgp"`), a keyword or an argument."""
    inner = quoted[2].split()
    if program == "vtysh" and inner:
        return f"{quoted[1]}{_generalise(inner, arguments)}{quoted[1]}"
    if len(inner) == 1 and _KEYWORD.fullmatch(inner[0]):
        return quoted[0]
    return _placeholder("arg", quoted[0], "", arguments)


def _slot(word: str, previous: str, program: str, arguments: list[Argument]) -> str:
    kind = _argument_kind(word, previous, program)
    if not kind:
        return word
    sigil = "@" if word.startswith("@") else ""
    return sigil + _placeholder(kind, word.removeprefix("@"), previous, arguments)


def _placeholder(kind: str, value: str, after: str, arguments: list[Argument]) -> str:
    arguments.append(Argument(kind, value, after))
    return f"{{{kind}}}"


def _argument_kind(word: str, previous: str, program: str) -> str:
    """Return the kind of placeholder a word becomes; empty for a word that stays."""
    if word == "|" or _OPTION.fullmatch(word) or _SYSTEM_PATH.fullmatch(word):
        return ""
    if _NUMBER.fullmatch(word):
        return "" if _OPTION.fullmatch(previous) else "n"
    if previous in _NAME_FOLLOWS and word.lower() not in _NO_NAMES:
        return "name"
    if program in _TO_HOSTS:
        return "" if _RECORD_TYPE.fullmatch(word) else "host"
    return kind_of(word) or ("" if _KEYWORD.fullmatch(word) else "arg")


def _key(text: str) -> str:
    words = text.partition(" | ")[0].split()
    while len(words) > 1 and words[0] in _PREFIXES:
        words.pop(0)
    plain = " ".join([words[0].rpartition("/")[2], *words[1:]]) if words else ""
    return _OPTION_NUMBER.sub(r"\1 {n}", plain)
