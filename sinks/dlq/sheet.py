"""A dead letter on one page."""

from schemas.dead_letter import original_headers
from schemas.registry import Registry
from sinks.dlq.letter import Letter
from sinks.dlq.opening import open_value, shown


def sheet(letter: Letter, registry: Registry) -> str:
    """Return everything about a letter, secrets masked: its end, its headers, its value as far as it can be read.

    Raises:
        RegistryUnavailableError: the schema registry did not answer.

    """
    death = letter.death
    opened = open_value(letter.value, registry)
    facts = {
        "position": str(letter.position),
        "time": letter.time.isoformat(),
        "stage": shown(death.stage),
        "reason": shown(death.reason),
        "from": f"{shown(death.topic)} {death.partition}:{death.offset}" if death.topic else "-",
        "replays": str(letter.replays),
        "key": "-" if letter.key is None else shown(letter.key),
        **{f"header {shown(name)}": shown(value) for name, value in original_headers(letter.headers)},
        "value": f"{letter.size:,} bytes: {opened.what}",
    }
    width = max(map(len, facts)) + 2
    lines = [f"{name:{width}}{fact}" for name, fact in facts.items()]
    return "\n".join([*lines, *([opened.text] if opened.text else [])])
