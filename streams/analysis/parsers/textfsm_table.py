"""One TextFSM template, compiled once, run by an executor of our own.

The rows are those of `textfsm.TextFSM`, and each knows the lines it was read from. The template's text is read
by textfsm itself; only the loop over lines and rules is replaced, which costs textfsm most of its time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final

import textfsm

from streams.analysis.parsers.parse import Row

_ENDS: Final = frozenset({"End", "EOF"})
Match = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class _Value:
    """A template's value. `required_first` says that `Required` looks at the last match, not at the list."""

    required: bool
    required_first: bool
    filldown: bool
    fillup: bool
    nested: re.Pattern[str] | None
    listed: bool

    @property
    def plain(self) -> bool:
        """Whether assigning is all that happens on assignment."""
        return not (self.filldown or self.fillup or self.listed)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, ready to run: which groups go to which values, then what happens to record, line and state."""

    match: Match
    groups: tuple[int, ...]
    slots: tuple[int, ...]
    plain: bool
    assigns: bool
    record: str
    goes_on: bool
    target: str
    error: str | None


class TextFSMTable:
    """A compiled template, given as its text: text in, rows out.

    It holds no state, so that threads may share it and an interruption leaves nothing behind.
    `strict` says that every state of the template raises on lines it does not know, so that whatever it accepts it has
    understood to the last line.
    """

    def __init__(self, template: str) -> None:
        fsm = textfsm.TextFSM(StringIO(template))
        self.columns: tuple[str, ...] = tuple(name.lower() for name in fsm.header)
        self.keys: tuple[str, ...] = tuple(name.lower() for name in fsm.GetValuesByAttrib("Key"))
        self.strict = all(any(rule.line_op == "Error" for rule in state) for state in fsm.states.values() if state)
        self._values = tuple(_value(value) for value in fsm.values)
        names = {value.name: index for index, value in enumerate(fsm.values)}
        self._states = {
            name: tuple(_rule(rule, names, self._values) for rule in rules) for name, rules in fsm.states.items()
        }
        self._lists = any(value.listed for value in self._values)

    def rows(self, text: str, offset: int) -> tuple[Row, ...]:
        """Return the records of `text`, whose first line is line `offset` of its document.

        Raises `textfsm.TextFSMError` for text that the template refuses.
        """
        run = _Run(self._values)
        run.read(text.splitlines(), self._states)
        columns = self.columns
        if self._lists:
            run.records = [list(map(_as_text, record)) for record in run.records]
        return tuple(
            Row(dict(zip(columns, record, strict=True)), first + offset, last + offset)
            for record, (first, last) in zip(run.records, run.spans, strict=True)
        )


@dataclass(slots=True)
class _Run:
    """One pass of a template over a text.

    `current` is the record being built, `kept` what Filldown puts into the next one (None for other values),
    `lists` what List values have collected.
    """

    values: tuple[_Value, ...]
    current: list[Any] = field(init=False)
    kept: list[Any] = field(init=False)
    lists: dict[int, list[Any]] = field(init=False)
    records: list[list[Any]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    first: int = -1
    last: int = -1

    def __post_init__(self) -> None:
        self._clear_all()

    def read(self, lines: Sequence[str], states: dict[str, tuple[_Rule, ...]]) -> None:
        """Pass each line through the rules of the state until one takes it."""
        rules, name, number = states["Start"], "Start", -1
        for number, line in enumerate(lines):
            for rule in rules:
                match = rule.match(line)
                if match is None:
                    continue
                if rule.assigns:
                    self._assign(rule, match, number)
                if rule.record:
                    self._operate(rule.record, number)
                if rule.goes_on:
                    continue
                if rule.error is not None:
                    raise textfsm.TextFSMError(f"{rule.error}. Input Line: {line}.")
                if rule.target:
                    name = rule.target
                    rules = () if name in _ENDS else states[name]
                break
            if name in _ENDS:
                break
        if name != "End" and "EOF" not in states:
            self._append(max(number, 0))

    def _assign(self, rule: _Rule, match: re.Match[str], number: int) -> None:
        if self.first < 0:
            self.first = number
        self.last = number
        current, groups = self.current, rule.groups
        if rule.plain:
            for slot, group in zip(rule.slots, groups, strict=True):
                current[slot] = match[group]
            return
        for slot, group in zip(rule.slots, groups, strict=True):
            current[slot] = match[group]
            self._fill(slot, match[group])

    def _fill(self, slot: int, text: str | None) -> None:
        """Do what a value's options do on assignment."""
        value = self.values[slot]
        if value.filldown:
            self.kept[slot] = text
        if value.listed:
            self.lists[slot].append(_item(value.nested, text))
        if value.fillup and text:
            for record in reversed(self.records):
                if record[slot]:
                    break
                record[slot] = text

    def _operate(self, operation: str, number: int) -> None:
        if operation == "Record":
            self._append(number)
        elif operation == "Clear":
            self._clear()
        elif operation == "Clearall":
            self._clear_all()

    def _append(self, number: int) -> None:
        """Add the current record unless it is empty or lacks a required value."""
        for slot, value in enumerate(self.values):
            if value.required and not (
                self.lists[slot] if value.listed and not value.required_first else self.current[slot]
            ):
                self._clear()
                return
        record = self.current.copy()
        for slot, items in self.lists.items():
            record[slot] = items.copy()
        if record.count(None) + record.count([]) == len(record):
            return
        self.records.append(["" if item is None else item for item in record])
        self.spans.append((self.first, self.last) if self.first >= 0 else (number, number))
        self.first = -1
        self._clear()

    def _clear(self) -> None:
        self.current = self.kept.copy()
        for slot in self.lists:
            if not self.values[slot].filldown:
                self.lists[slot] = []

    def _clear_all(self) -> None:
        self.current = [None] * len(self.values)
        self.kept = self.current.copy()
        self.lists = {slot: [] for slot, value in enumerate(self.values) if value.listed}


def _value(value: Any) -> _Value:
    options = value.OptionNames()
    listed = "List" in options
    nested = value.compiled_regex if listed and value.compiled_regex.groups > 1 else None
    return _Value(
        required="Required" in options,
        required_first=listed and "Required" in options and options.index("Required") < options.index("List"),
        filldown="Filldown" in options,
        fillup="Fillup" in options,
        nested=nested,
        listed=listed,
    )


def _rule(rule: Any, names: dict[str, int], values: tuple[_Value, ...]) -> _Rule:
    pattern: re.Pattern[str] = rule.regex_obj.regex
    pairs = [(group, names[name]) for name, group in pattern.groupindex.items() if name in names]
    error = f"Rule Line: {rule.line_num}" if rule.line_op == "Error" else None
    if error and rule.new_state:
        error = f"Error: {rule.new_state}. {error}"
    return _Rule(
        match=pattern.match,
        groups=tuple(group for group, _ in pairs),
        slots=tuple(slot for _, slot in pairs),
        plain=all(values[slot].plain for _, slot in pairs),
        assigns=bool(pattern.groupindex),
        record=rule.record_op,
        goes_on=rule.line_op == "Continue",
        target=rule.new_state,
        error=error,
    )


def _item(nested: re.Pattern[str] | None, text: str | None) -> Any:
    """Return what a List value collects: the text, or the groups inside it where its pattern names some."""
    if nested is None:
        return text
    match = nested.match(text)  # type: ignore[arg-type]  # textfsm refuses a missing group here, too
    return (match.groupdict() if match else None) or text


def _as_text(value: Any) -> Any:
    """Return a value as textfsm's own tables hold it: text, or a list of texts."""
    return [str(item) for item in value] if isinstance(value, list) else value
