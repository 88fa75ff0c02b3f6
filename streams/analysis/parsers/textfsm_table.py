"""One ntc-templates template, compiled once, that remembers which lines each record came from."""

from pathlib import Path
from typing import Any

import textfsm

from streams.analysis.parsers.parse import Row


class _TracingFSM(textfsm.TextFSM):  # type: ignore[misc]  # textfsm is untyped
    """TextFSM that notes the first and last line which assigned a value to each record."""

    def Reset(self) -> None:  # noqa: N802  # overrides textfsm's name
        super().Reset()
        self.spans: list[tuple[int, int]] = []
        self._line = -1
        self._assigned: tuple[int, int] | None = None

    def _CheckLine(self, line: str) -> None:  # noqa: N802  # overrides textfsm's name
        self._line += 1
        super()._CheckLine(line)

    def _AssignVar(self, matched: Any, value: str) -> None:  # noqa: N802  # overrides textfsm's name
        first = self._line if self._assigned is None else self._assigned[0]
        self._assigned = (first, self._line)
        super()._AssignVar(matched, value)

    def _AppendRecord(self) -> None:  # noqa: N802  # overrides textfsm's name
        before = len(self._result)
        super()._AppendRecord()
        if len(self._result) > before:
            line = max(self._line, 0)
            self.spans.append(self._assigned or (line, line))
            self._assigned = None


class TextFSMTable:
    """A compiled template: text in, rows out. Not for use by two threads at once.

    `strict` says that every state of the template raises on lines it does not know, so that whatever it accepts it has
    understood to the last line.
    """

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8") as template:
            self._fsm = _TracingFSM(template)
        self._columns = [name.lower() for name in self._fsm.header]
        rules = [rule for state in self._fsm.states.values() for rule in state]
        self.strict = all(
            any(rule.line_op == "Error" for rule in state) for state in self._fsm.states.values() if state
        )
        for rule in rules:
            rule.regex_obj = rule.regex_obj.regex

    def rows(self, text: str, offset: int) -> tuple[Row, ...]:
        """Return the records of `text`, whose first line is line `offset` of its document.

        Raises `textfsm.TextFSMError` for text that the template refuses.
        """
        self._fsm.Reset()
        records = self._fsm.ParseText(text)
        return tuple(
            Row(dict(zip(self._columns, map(_as_text, record), strict=True)), first + offset, last + offset)
            for record, (first, last) in zip(records, self._fsm.spans, strict=True)
        )


def _as_text(value: Any) -> Any:
    """Return a value as textfsm's own tables hold it: text, or a list of texts."""
    return [str(item) for item in value] if isinstance(value, list) else value
