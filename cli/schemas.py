"""`netcopilot schemas`: the event contracts, from the command line."""

import json
from importlib.metadata import version
from pathlib import Path

import click

from runtime.settings import KafkaSettings
from schemas import asyncapi, catalog, compatibility
from schemas import release as releases
from schemas.errors import SchemaError
from schemas.registry import ConfluentRegistry
from schemas.topics import TOPICS

_RELEASED = Path("schemas/released")


@click.group("schemas")
def schemas_command() -> None:
    """List, show, check and register the event schemas.

    Subjects are named by topic: the values of `commands.executed` have subject `commands.executed-value`.
    """


@schemas_command.command("list")
def list_command() -> None:
    """List every released version: id, subject, version."""
    for schema in catalog.released():
        click.echo(f"{schema.schema_id:4} {schema.subject:28} {schema.version:3}")


@schemas_command.command("show")
@click.argument("subject")
@click.option("--version", "number", type=int, help="A version; without it the newest.")
def show_command(subject: str, number: int | None) -> None:
    """Print a subject's schema as JSON."""
    for schema in reversed(catalog.released()):
        if schema.subject == subject and number in {None, schema.version}:
            click.echo(schema.text, nl=False)
            return
    known = ", ".join(sorted({schema.subject for schema in catalog.released()}))
    raise click.ClickException(f"no such subject or version; subjects are: {known}")


@schemas_command.command("check")
def check_command() -> None:
    """Check that every schema's source is released and that its subject is FULL_TRANSITIVE; exit 1 if not."""
    complaints = [
        complaint for topic in TOPICS if topic.record for complaint in _complaints(topic.subject, topic.record)
    ]
    for complaint in complaints:
        click.echo(complaint, err=True)
    if complaints:
        raise SystemExit(1)
    click.echo(f"{len(catalog.released())} released versions, all compatible both ways with their sources")


def _complaints(subject: str, record: str) -> list[str]:
    reasons = compatibility.full_transitive(subject, catalog.render(catalog.source(record)))
    if compatibility.unreleased(subject, record):
        reasons.append("the source differs from the newest version; run `netcopilot schemas release`")
    return [f"{subject}: {reason}" for reason in reasons]


@schemas_command.command("release")
def release_command() -> None:
    """Release the sources that changed: a new version and id for each (run in a checkout)."""
    if not _RELEASED.is_dir():
        raise click.ClickException(f"no folder {_RELEASED} here; run this in the project's checkout")
    try:
        written = releases.release(_RELEASED)
    except SchemaError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(written) or "nothing changed")


@schemas_command.command("register")
@click.option("--url", help="Confluent-compatible registry; default: SCHEMA_REGISTRY_URL.")
def register_command(url: str | None) -> None:
    """Register every released version with a registry, oldest first, and print the ids it gave."""
    configured = KafkaSettings().schema_registry_url
    target = url or (configured.get_secret_value() if configured else None)
    if target is None:
        raise click.ClickException("which registry? Give --url or set SCHEMA_REGISTRY_URL")
    registry = ConfluentRegistry(target)
    for schema in catalog.released():
        try:
            registered = registry.register(schema.subject, schema.text)
        except SchemaError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{registered.schema_id:4} {schema.subject:28} {registered.version:3}")


@schemas_command.command("asyncapi")
def asyncapi_command() -> None:
    """Print the topics as an AsyncAPI 3 document (JSON)."""
    click.echo(json.dumps(asyncapi.document(version("netcopilot")), indent=2))
