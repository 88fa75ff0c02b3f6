"""A click group that imports a subcommand when it is used, so that `--help` stays fast."""

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import click
from typing_extensions import override

from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a subcommand lives (`module:attribute`) and the line that the group's help shows of it."""

    target: str
    summary: str

    def load(self) -> click.Command:
        """Import the command.

        Raises:
            ModuleNotFoundError: something it imports is not installed.
            TypeError: the target is no click command.

        """
        module, _, attribute = self.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.target} is no click command")
        return command


class LazyGroup(click.Group):
    """Holds its subcommands by name; a missing module fails only the subcommand that needs it."""

    def __init__(
        self, *, name: str, help_text: str, before: Callable[[], None], lazy: Mapping[str, LazyCommand]
    ) -> None:
        """Run `before` ahead of any subcommand."""
        super().__init__(
            name=name,
            help=help_text,
            callback=before,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._lazy = lazy

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they were given, which is the order to learn them in."""
        return list(self._lazy)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of that name."""
        command = self._lazy.get(cmd_name)
        if command is None:
            return None
        try:
            return command.load()
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`{cmd_name}` is not usable here: no module named {error.name!r}. "
                "Install the project with its locked dependencies (`make run` does)."
            ) from error

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the subcommands' summaries without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in self._lazy.items()])

    @override
    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; an error of configuration becomes its one line and exit code 78."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            failure = click.ClickException(str(error))
            failure.exit_code = os.EX_CONFIG
            raise failure from error
