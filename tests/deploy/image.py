"""The Dockerfile as the tests look at it."""

import re
from dataclasses import dataclass
from functools import cache

from tests.deploy.tree import ROOT


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction with its lines joined, and the build stage it belongs to."""

    stage: str
    name: str
    argument: str


@cache
def instructions() -> tuple[Instruction, ...]:
    """Return every instruction of the Dockerfile in order; stage "" before the first FROM."""
    text = "\n".join(
        line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    )
    stage = ""
    found = []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        name, _, argument = line.partition(" ")
        if name == "FROM":
            stage = argument.rpartition(" AS ")[2]
        if name:
            found.append(Instruction(stage, name, argument))
    return tuple(found)


def environment() -> dict[str, str]:
    """Return the netcopilot settings that the image brings."""
    pairs = (
        pair.split("=", 1)
        for instruction in instructions()
        if instruction.stage == "base" and instruction.name == "ENV"
        for pair in instruction.argument.split()
    )
    return {name: value for name, value in pairs if name.startswith("NETCOPILOT_")}
