"""Outputs that a parser's regular expressions never come to an end with."""

from streams.analysis.execution import Execution

OS_TYPE, COMMAND = "cisco_s300", "show vlan"


def runaway(number: int = 0) -> str:
    """Return an output, another one for each number, that the VLAN template of cisco_s300 runs away on.

    The template tries every way to split the dashes.
    """
    return f"Vlan  Name  Ports  Type  Authorization\n{'-' * 26}x{number}"


RUNAWAY = Execution("t", OS_TYPE, COMMAND, "OK", 0, runaway())
