"""What the agents of a run report: a few commands whose outputs are new most of the time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from producers.execution import CapturedText, Execution


def executions(random: Random) -> Iterator[Execution]:
    """Yield executions that end now, for ever."""
    while True:
        command, os_type, output = random.choice(_COMMANDS)(random)
        yield _execution(command, os_type, output)


def _execution(command: str, os_type: str, output: str) -> Execution:
    ended_at = datetime.now(UTC)
    return Execution(
        command=command,
        status="OK",
        exit_code=0,
        output=CapturedText(output, len(output.encode()), truncated=False, replaced=0),
        started_at=ended_at - timedelta(milliseconds=1),
        ended_at=ended_at,
        duration_us=1000,
        os_type=os_type,
    )


def _ping(random: Random) -> tuple[str, str, str]:
    times = [random.uniform(0.2, 30.0) for _ in range(3)]
    lines = (f"64 bytes from 192.0.2.1: icmp_seq={n} ttl=64 time={t:.3f} ms" for n, t in enumerate(times, 1))
    output = "\n".join(
        (
            "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.",
            *lines,
            "",
            "--- 192.0.2.1 ping statistics ---",
            "3 packets transmitted, 3 received, 0% packet loss, time 2003ms",
            f"rtt min/avg/max/mdev = {min(times):.3f}/{sum(times) / 3:.3f}/{max(times):.3f}/1.000 ms",
            "",
        )
    )
    return "ping -c 3 192.0.2.1", "linux", output


def _disk(random: Random) -> tuple[str, str, str]:
    used = random.randint(5, 99)
    head = "Filesystem     1K-blocks     Used Available Use% Mounted on"
    line = f"/dev/sda1        1000000 {used * 10_000:>8} {(100 - used) * 10_000:>9} {used:>3}% /"
    return "df -k", "linux", f"{head}\n{line}\n"


def _clock(random: Random) -> tuple[str, str, str]:
    hours, minutes = divmod(random.randrange(24 * 60), 60)
    return "show clock", "ios", f"*{hours:02}:{minutes:02}:00.000 UTC Mon Nov 23 2026\n"


def _unknown(random: Random) -> tuple[str, str, str]:
    return "show something", "nxos", "".join(f"{random.getrandbits(32):08x} " for _ in range(20)) + "\n"


_COMMANDS = (_ping, _disk, _clock, _unknown)
