"""What the subcommands take in common."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any

import click
from typing_extensions import override

from runtime.timeoption import TIME_POINT
from sinks.dlq.letter import Position
from sinks.dlq.replay import Terms
from sinks.dlq.selection import Selection

_Option = Callable[[Callable[..., None]], Callable[..., None]]


class _Position(click.ParamType):
    name = "position"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Position:
        try:
            return Position.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


POSITION = _Position()


_SELECTING = (
    click.option(
        "--since", type=TIME_POINT, metavar="TIME", help="Died then or later: 2026-01-31T12:00:00Z, or -15m, -2h, -7d."
    ),
    click.option("--until", type=TIME_POINT, metavar="TIME", help="Died before."),
    click.option("--stage", default="", metavar="NAME", help="Given up by: worker, sink or explainer."),
    click.option("--reason", default="", metavar="TEXT", help="With these words in the reason."),
    click.option("--topic", default="", metavar="NAME", help="Came from this topic."),
    click.option("--tenant", default="", metavar="ID", help="Of this tenant, as the message's key says."),
)
_TERMS = (
    click.option("--rate", type=click.FloatRange(min=0, min_open=True), metavar="N", help="Letters a second at most."),
    click.option(
        "--max-replays",
        "most_replays",
        type=click.IntRange(min=1),
        metavar="N",
        default=3,
        show_default=True,
        help="Refuse what was sent again so often.",
    ),
    click.option("--stop-on-error", is_flag=True, help="Stop at the first letter that is refused."),
    click.option("--dry-run", is_flag=True, help="Send nothing; say what would be sent."),
)


def selecting(function: Callable[..., None]) -> Callable[..., None]:
    """Decorate a click command with an option for each condition; it is called with `selection`."""
    return _gathering("selection", Selection, _SELECTING)(function)


def on_terms(function: Callable[..., None]) -> Callable[..., None]:
    """Decorate a click command with the options of a replay; it is called with `terms`."""
    return _gathering("terms", Terms, _TERMS)(function)


def _gathering(name: str, kind: type[Selection | Terms], options: Sequence[_Option]) -> _Option:
    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def with_object(**flags: Any) -> None:
            members = {field.name: flags.pop(field.name) for field in fields(kind)}
            function(**{name: kind(**members)}, **flags)

        decorated: Callable[..., None] = with_object
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
