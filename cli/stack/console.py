"""What `netcopilot up` tells the person who started it."""

from collections.abc import Iterable

import click

from cli.stack.spec import ChildSpec

_NAME_WIDTH = 11


class Console:
    """Prints one line an event, each with the name of the part it is about."""

    def ready(self, spec: ChildSpec, seconds: float) -> None:
        """Say that a child serves."""
        self._say(spec.name, f"ready in {seconds:4.1f} s   {spec.address}", colour="green")

    def trouble(self, name: str, text: str) -> None:
        """Say what went wrong and what follows."""
        self._say(name, text, colour="red")

    def complaint(self, name: str, line: str) -> None:
        """Pass on a warning or an error of a child."""
        self._say(name, line, colour="yellow")

    def note(self, name: str, text: str) -> None:
        """Say anything else."""
        self._say(name, text, colour="cyan")

    def table(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show names and values between two empty lines."""
        click.echo()
        for name, value in rows:
            click.echo(f"  {click.style(f'{name:<10}', bold=True)} {value}")
        click.echo()

    @staticmethod
    def _say(name: str, text: str, *, colour: str) -> None:
        click.echo(f"{click.style(f'{name:>{_NAME_WIDTH}}', fg=colour)} | {text}")
