"""`netcopilot topics`: the platform's topics on a broker."""

from concurrent.futures import Future

import click
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from runtime.errors import TransientError
from runtime.kafka import client_config
from runtime.options import options_of, settings_from
from runtime.settings import KafkaSettings
from schemas.topics import TOPICS

_PATIENCE = 15.0


def create_topics(admin: AdminClient, *, prefix: str = "", replication_factor: int = 1) -> list[str]:
    """Create every topic of `schemas.topics` that does not exist; return the names of those that were made.

    Raises:
        TransientError: the broker did not create one.

    """
    wanted = [
        NewTopic(
            topic.named(prefix),
            num_partitions=topic.partitions,
            replication_factor=replication_factor,
            config=topic.config,
        )
        for topic in TOPICS
    ]
    return [
        name
        for name, creation in admin.create_topics(wanted, request_timeout=_PATIENCE).items()
        if _was_made(name, creation)
    ]


def _was_made(name: str, creation: Future[None]) -> bool:
    try:
        creation.result()
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return False
        raise TransientError(f"the broker did not create topic {name}: {error.args[0].str()}") from error
    return True


@click.group("topics")
def topics_command() -> None:
    """Create and list the platform's topics."""


@topics_command.command("create")
@click.option("--replication-factor", default=1, show_default=True, help="Copies of each partition.")
@options_of(KafkaSettings)
def create_command(replication_factor: int, **flags: str | None) -> None:
    """Create every topic that does not exist; those that do stay as they are."""
    settings = settings_from(KafkaSettings, flags)
    admin = AdminClient(client_config(settings, client_id="netcopilot-topics"))
    try:
        made = create_topics(admin, prefix=settings.kafka_topic_prefix, replication_factor=replication_factor)
    except TransientError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(made) or "every topic exists")


@topics_command.command("list")
def list_command() -> None:
    """List the topics: partitions, retention, and what they hold."""
    for topic in TOPICS:
        kept = f"{topic.retention.days} days" if topic.retention else "compacted"
        click.echo(f"{topic.name:20} {topic.partitions:3} partitions  {kept:10} {topic.description}")
