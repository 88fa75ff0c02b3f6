"""Small line programs, good and bad."""

import sys

from runtime.line_process import LineProgram

_LOOP = "import os, sys, time\nfor line in sys.stdin:\n    line = line.rstrip('\\n')\n"


def program(body: str, *, start_seconds: float = 10.0, max_line: int = 1 << 20) -> LineProgram:
    """A program that does `body` for each `line` it reads."""
    source = _LOOP + "".join(f"    {row}\n" for row in body.splitlines())
    return LineProgram("test", (sys.executable, "-c", source), start_seconds=start_seconds, max_line=max_line)


ECHO = program("print(line, flush=True)")
MOODY = program(
    """
if line == 'hang': time.sleep(600)
if line == 'die': os._exit(3)
if line == 'twice': print('one', flush=True)
if line == 'complain': print('it hurts', file=sys.stderr, flush=True)
if line == 'half': os.write(1, b'no end'); os._exit(0)
if line == 'long': print('x' * (2 << 20), flush=True)
print(os.getpid() if line == 'pid' else line, flush=True)
""".strip(),
    start_seconds=0.5,
)
