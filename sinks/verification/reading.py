"""Reading a whole topic as it stands now, without joining a group."""

import time
from collections.abc import Iterator
from contextlib import closing

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

from runtime.errors import ConfigurationError, TransientError
from runtime.kafka import consumer_config
from runtime.settings import KafkaSettings
from sinks.kafka import END_OF_PARTITION, refuse_configuration_fault

_CLIENT_ID = "netcopilot-verify"
_FETCH_MESSAGES = 2_000
_FETCH_SECONDS = 0.2
_QUEUE_KBYTES = 32_768
_PATIENCE = 30.0


def open_consumer(settings: KafkaSettings, group: str = _CLIENT_ID) -> Consumer:
    """Return a consumer that commits nothing and joins nothing; `group` is whose offsets it can be asked for."""
    return Consumer(
        consumer_config(settings, client_id=_CLIENT_ID)
        | {
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "queued.max.messages.kbytes": _QUEUE_KBYTES,
        }
    )


def partitions_of(consumer: Consumer, topic: str) -> list[int]:
    """Return a topic's partitions.

    Raises:
        TransientError: the broker did not answer.
        ConfigurationError: it has no such topic.

    """
    try:
        found = consumer.list_topics(topic, timeout=_PATIENCE).topics[topic]
    except KafkaException as error:
        raise TransientError(f"the broker does not tell the partitions of {topic}: {error}") from error
    if found.error is not None:
        refuse_configuration_fault(found.error)
        raise ConfigurationError(f"the broker has no topic {topic}: create it with `netcopilot topics create`")
    return sorted(found.partitions)


def read_all(settings: KafkaSettings, topic: str) -> Iterator[list[Message]]:
    """Yield a topic's messages in batches, each partition up to the end that its fetches tell.

    What the embedded broker answers when asked for its ends may lie a batch before them.

    Raises:
        TransientError: the broker fell silent.
        ConfigurationError: there is no such topic, or no right to read it.

    """
    with closing(open_consumer(settings)) as consumer:
        partitions = partitions_of(consumer, topic)
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
        open_ones, heard = set(partitions), time.monotonic()
        while open_ones:
            messages = consumer.consume(_FETCH_MESSAGES, _FETCH_SECONDS)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > _PATIENCE:
                raise TransientError(f"the broker is silent about {len(open_ones)} partitions of {topic}")
            ended = {message.partition() or 0 for message in messages if _ends(message)}
            yield [m for m in messages if m.error() is None and m.partition() in open_ones]
            open_ones -= ended
            consumer.pause([TopicPartition(topic, partition) for partition in ended])


def _ends(notice: Message) -> bool:
    """Tell whether it says that a partition is read.

    Raises:
        TransientError: it tells of a fault.
        ConfigurationError: it tells of one that a person must mend.

    """
    error = notice.error()
    if error is None:
        return False
    if error.code() == END_OF_PARTITION:
        return True
    refuse_configuration_fault(error)
    raise TransientError(f"the broker does not hand over {notice.topic()}: {error.str()}")
