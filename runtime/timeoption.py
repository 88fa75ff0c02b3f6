"""Points in time as values of command-line options."""

from datetime import UTC, datetime
from typing import Any

import click
from typing_extensions import override

from runtime.timepoint import parse_timepoint


class _TimePoint(click.ParamType):
    """RFC 3339, or a time before now."""

    name = "time"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return parse_timepoint(str(value), now=datetime.now(UTC))
        except ValueError as error:
            self.fail(str(error), param, ctx)


TIME_POINT = _TimePoint()
"""The type of such an option; what is none is refused with its cure."""
