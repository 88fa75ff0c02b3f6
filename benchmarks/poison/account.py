"""What became of every message."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from confluent_kafka import Message

from benchmarks.poison.load import KEY, MARK, Load, Sent
from schemas.dead_letter import DeadLetter, original_headers
from schemas.topics import EXECUTED
from schemas.wire import HEADER_SIZE


@dataclass(slots=True)
class Account:
    """Complaints, and the reasons of the dead letters by kind."""

    complaints: list[str] = field(default_factory=list)
    letters: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, load: Load, poisoned: Sequence[Sent], letters: Iterable[Message], visible: Counter[int]) -> "Account":
        """Compare what was sent with the dead letters, and with how often each sequence number is visible."""
        account = cls()
        expected = {sent.mark: sent for sent in poisoned if sent.is_bad}
        seen: Counter[str] = Counter()
        for letter in letters:
            headers = _headers(letter)
            mark = dict(headers)[MARK].decode()
            seen[mark] += 1
            if mark in expected:
                account._examine(expected[mark], letter, headers)
            else:
                account.complaints.append(f"{mark} is a dead letter")
        account.complaints += [f"{mark} has {seen[mark]} dead letters" for mark in expected if seen[mark] != 1]
        account._look_for_rows(load, poisoned, visible)
        return account

    def _examine(self, sent: Sent, letter: Message, headers: list[tuple[str, bytes]]) -> None:
        told = DeadLetter.read(headers)
        if told is None or not told.reason:
            self.complaints.append(f"{sent.mark} has no reason")
            return
        self.letters[sent.kind] += 1
        self.reasons.setdefault(sent.kind, Counter())[f"{told.stage}: {told.reason}"] += 1
        if letter.key() != KEY or original_headers(headers)[:2] != [(MARK, sent.mark.encode()), ("ce_id", b"1")]:
            self.complaints.append(f"{sent.mark} lost its key or its headers")
        if not _holds(letter.value(), sent, analyzed=told.stage == "sink"):
            self.complaints.append(f"{sent.mark} lost its bytes")

    def _look_for_rows(self, load: Load, poisoned: Sequence[Sent], visible: Counter[int]) -> None:
        wanted = {*range(load.good), *(int(sent.mark.rpartition("/")[2]) for sent in poisoned if not sent.is_bad)}
        lost, strange = wanted - visible.keys(), visible.keys() - wanted
        twice = [number for number, count in visible.items() if count > 1]
        for what, numbers in (("not visible", lost), ("visible though bad", strange), ("visible twice", twice)):
            self.complaints += [f"event {number} is {what}" for number in sorted(numbers)]


def _headers(letter: Message) -> list[tuple[str, bytes]]:
    return cast("list[tuple[str, bytes]]", letter.headers() or [])


def _holds(value: object, sent: Sent, *, analyzed: bool) -> bool:
    """Whether a dead letter has the bytes that were sent; the worker has put the analysis behind those that it took."""
    if sent.topic is EXECUTED and analyzed:
        return isinstance(value, bytes) and value[HEADER_SIZE:].startswith((sent.value or b"")[HEADER_SIZE:])
    return value == sent.value
