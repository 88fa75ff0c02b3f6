"""What the engine is given: the part of a command execution that decides its analysis."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Execution:
    """The analysed tail of `CommandExecuted`, and the tenant whose execution it is.

    `os_type` is free text: this project's names (`linux`, `ios`, `eos`, ...), ntc-templates platforms
    (`cisco_ios`) and distribution names (`ubuntu-18.04`) are all understood, see `platform.Platform`.
    `output` is standard output, standard error after it, already redacted.
    """

    tenant_id: str
    os_type: str
    command: str
    status: str
    exit_code: int | None
    output: str
