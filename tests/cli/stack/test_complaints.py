import re
from pathlib import Path

from cli.stack.complaints import Complaints


class Listener:
    def __init__(self, *, harmless: str | None = None) -> None:
        self.heard: list[str] = []
        self.now = 0.0
        self.complaints = Complaints(
            self.heard.append,
            log=Path("child.log"),
            harmless=re.compile(harmless) if harmless else None,
            clock=lambda: self.now,
        )


def test_a_flood_is_cut_and_the_log_named() -> None:
    listener = Listener()
    for number in range(100):
        listener.complaints.add(str(number))
    assert listener.heard == ["0", "1", "2", "3", "4", "... and more: child.log"]


def test_after_a_while_lines_are_said_again() -> None:
    listener = Listener()
    for line in "abcdefg":
        listener.complaints.add(line)
    listener.now = 11.0
    listener.complaints.add("z")
    assert listener.heard[-1] == "z"


def test_harmless_lines_are_not_said_and_do_not_count() -> None:
    listener = Listener(harmless="overcommit")
    for line in [*["overcommit"] * 10, "real"]:
        listener.complaints.add(line)
    assert listener.heard == ["real"]
