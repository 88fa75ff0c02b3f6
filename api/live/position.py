"""How far a live stream has come, in a form that clients give back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TEXT = re.compile(r"([0-9a-z]{1,32})((?:\.\d{1,6}:\d{1,19}){1,1024})")


@dataclass(frozen=True, slots=True)
class Position:
    """The next offset of each partition, in one incarnation of the topic.

    A topic that was deleted and made again, or whose in-memory broker was started again, counts from 0 once more: its
    offsets mean something only together with the incarnation they were read in.
    """

    incarnation: str
    offsets: Mapping[int, int]

    def __str__(self) -> str:
        """Return `incarnation.partition:offset.partition:offset...`, as in `4f2a91c0.0:17.1:9`."""
        return self.incarnation + "".join(_place(*place) for place in self.offsets.items())


class MovingPosition:
    """A position that moves on with each message, and is told after each, cheaply with many partitions too."""

    def __init__(self, begin: Position) -> None:
        self._incarnation = begin.incarnation
        self._places = {partition: _place(partition, offset) for partition, offset in begin.offsets.items()}

    def move(self, partition: int, offset: int) -> None:
        """Go on to a partition's next offset."""
        self._places[partition] = _place(partition, offset)

    def __str__(self) -> str:
        """Return it as a Position of the same offsets does."""
        return self._incarnation + "".join(self._places.values())


def _place(partition: int, offset: int) -> str:
    return f".{partition}:{offset}"


def parse_position(text: str) -> Position:
    """Return the position that a text names.

    Raises:
        ValueError: the text names none.

    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("not an id of this stream")
    pairs = (pair.split(":") for pair in match[2][1:].split("."))
    return Position(match[1], {int(partition): int(offset) for partition, offset in pairs})
