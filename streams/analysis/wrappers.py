"""Programs that run another program: what they are called with, and what they run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=.*")
_OPTION: Final = re.compile(r"-.*")
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """`valued` are the letters of options that take a value, `names` the words before the program."""

    valued: str = ""
    names: int = 0


_PLAIN: Final = _Wrapper()
_CONTAINER: Final = _Wrapper(valued="euwncl", names=1)
_NAMED: Final = _Wrapper(names=1)
_WRAPPERS: Final[Mapping[str, _Wrapper]] = {
    "bash": _PLAIN,
    "builtin": _PLAIN,
    "busybox": _PLAIN,
    "chroot": _NAMED,
    "chrt": _NAMED,
    "command": _PLAIN,
    "doas": _Wrapper(valued="uC"),
    "docker compose exec": _CONTAINER,
    "docker container exec": _CONTAINER,
    "docker exec": _CONTAINER,
    "docker-compose exec": _CONTAINER,
    "env": _Wrapper(valued="uCS"),
    "exec": _PLAIN,
    "ionice": _Wrapper(valued="cnpPu"),
    "ip netns exec": _NAMED,
    "ip vrf exec": _NAMED,
    "kubectl exec": _CONTAINER,
    "lxc exec": _NAMED,
    "nerdctl exec": _CONTAINER,
    "nice": _Wrapper(valued="n"),
    "nohup": _PLAIN,
    "nsenter": _Wrapper(valued="tSG"),
    "podman exec": _CONTAINER,
    "runuser": _Wrapper(valued="ugG"),
    "setsid": _PLAIN,
    "ssh": _Wrapper(valued="BbcDEeFIiJLlmOopQRSWw", names=1),
    "stdbuf": _Wrapper(valued="ioe"),
    "sudo": _Wrapper(valued="ughpCrtTURD"),
    "taskset": _NAMED,
    "time": _Wrapper(valued="fo"),
    "timeout": _Wrapper(valued="ks", names=1),
    "unbuffer": _PLAIN,
    "watch": _Wrapper(valued="nq"),
}
_LONGEST_NAME: Final = 3


def unwrap(words: Sequence[str]) -> list[str]:
    """Return the words of the program that is run: without `sudo -u x`, `timeout 5`, `LC_ALL=C` and their like.

    The program's own path and a Windows program's `.exe` are dropped as well.
    """
    rest = list(words)
    for _ in range(_DEEPEST):
        inner = _inner(rest)
        if not inner:
            break
        rest = inner
    if rest:
        rest[0] = program_name(rest[0])
    return rest


def program_name(word: str) -> str:
    """Return a program's name without its path."""
    if word.startswith(("/", "./", "../", "~/")):
        return PurePosixPath(word).name or word
    return word.rpartition("\\")[2].removesuffix(".exe") if word.endswith(".exe") else word


def _inner(words: list[str]) -> list[str]:
    """Return what the first wrapper of `words` runs, [] if there is none or it runs nothing."""
    if len(words) > 1 and _ASSIGNMENT.fullmatch(words[0]):
        return words[1:]
    name = [program_name(words[0]), *words[1:_LONGEST_NAME]] if words else []
    for length in range(len(name), 0, -1):
        wrapper = _WRAPPERS.get(" ".join(name[:length]))
        if wrapper:
            rest = _after_options(words[length:], wrapper)
            return _after_options(rest[wrapper.names :], wrapper)
    return []


def _after_options(words: list[str], wrapper: _Wrapper) -> list[str]:
    index = 0
    while index < len(words) and (_OPTION.fullmatch(words[index]) or _ASSIGNMENT.fullmatch(words[index])):
        option = words[index]
        index += 1
        if option == "--":
            break
        takes_value = option.startswith("-") and not option.startswith("--") and option[-1] in wrapper.valued
        index += takes_value
    return words[index:]
