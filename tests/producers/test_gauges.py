from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.envelope import seal
from producers.gauges import SpoolGauges
from producers.spool import Spool
from runtime.metrics import REGISTRY
from schemas.event import CommandExecuted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_they_tell_how_much_waits_and_for_how_long(tmp_path: Path) -> None:
    spool, seconds = Spool(tmp_path, max_bytes=1 << 20, durable=False), [0.0]
    gauges = SpoolGauges(spool, clock=lambda: seconds[0], wall=lambda: NOON + timedelta(seconds=90))
    for minute in range(3):
        ended_at = NOON + timedelta(minutes=minute)
        spool.append([seal(CommandExecuted(device_id="r1", ended_at=ended_at)).to_bytes()])

    gauges.refresh()
    assert told() == (3.0, float(spool.size()), 90.0)

    spool.forget(spool.read(max_payloads=2, max_bytes=1 << 20).ends[-1])
    gauges.refresh()
    assert told()[0] == 3.0, "looked at again too soon"
    seconds[0] = 10.0
    gauges.refresh()
    assert told()[0] == 1.0
    assert told()[2] == 0.0, "an event from the future has no age"

    spool.append([b"no event"])
    spool.forget(spool.read(max_payloads=1, max_bytes=1 << 20).ends[-1])
    seconds[0] = 20.0
    gauges.refresh()
    assert told()[0::2] == (1.0, 0.0)


def told() -> tuple[float | None, ...]:
    names = ("events", "bytes", "oldest_seconds")
    return tuple(REGISTRY.get_sample_value(f"netcopilot_producers_spool_{name}") for name in names)
