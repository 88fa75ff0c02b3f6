"""Where a stretch of history begins or ends: at a time, or at offsets."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import click
from typing_extensions import override

from runtime.timepoint import parse_timepoint

_OFFSETS = re.compile(r"\d+:\d+(,\d+:\d+)*")


@dataclass(frozen=True, slots=True)
class Bound:
    """A time by which events were created, or offsets of partitions; exactly one of the two."""

    moment: datetime | None = None
    offsets: dict[int, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Self:
        """Return the bound that a text names: `0:1200,1:900`, RFC 3339, or a time before now such as `-7d`.

        Raises:
            ValueError: it names none, or a partition twice.

        """
        if not _OFFSETS.fullmatch(text):
            return cls(moment=parse_timepoint(text, now=now))
        places = [place.partition(":") for place in text.split(",")]
        offsets = {int(partition): int(offset) for partition, _, offset in places}
        if len(offsets) < len(places):
            raise ValueError("a partition stands there twice")
        return cls(offsets=offsets)

    def __str__(self) -> str:
        """Return what parse() takes."""
        if self.moment is not None:
            return self.moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return written(self.offsets)


def written(offsets: dict[int, int]) -> str:
    """Return offsets as `PARTITION:OFFSET,PARTITION:OFFSET`."""
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(offsets.items()))


class _BoundType(click.ParamType):
    name = "bound"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Bound:
        try:
            return Bound.parse(str(value), now=datetime.now(UTC))
        except ValueError as error:
            self.fail(f"{error}; or offsets (0:1200,1:900)", param, ctx)


BOUND = _BoundType()
"""The type of such an option."""
