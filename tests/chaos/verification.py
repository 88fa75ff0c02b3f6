"""What `netcopilot verify` says of the run, and what of it the run explains."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.journal import AgentBook
from tests.chaos.platform import Platform

_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found."""

    faults: Mapping[str, int]
    """Faults by status, those of killed agents taken off."""
    unacknowledged: int
    """Numbers that killed agents had given to events which they never acknowledged, and which never arrived."""
    failure: str = ""
    """Why nothing could be found out."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to explain."""
        return not self.failure and not any(self.faults.values())


def verify(platform: Platform, books: Mapping[str, AgentBook], seen: Mapping[str, Collection[int]]) -> Verdict:
    """Run it and judge; `seen` holds the sequence numbers that arrived, by agent.

    A number that an agent gave out before it was killed, and never acknowledged, is a gap to `netcopilot verify`, which
    cannot know. Nobody was promised that event.
    """
    result = subprocess.run(
        [sys.executable, "-m", "cli.main", "verify", "--json", "--grace", "0"],
        env={**os.environ, **platform.environment},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if not result.stdout:
        return Verdict({}, 0, failure=result.stderr.strip())
    (platform.folder / "verify.json").write_text(result.stdout, encoding="utf-8")
    unkept = {
        name: len(book.numbered - set(book.taken.values()) - set(seen.get(name, ()))) for name, book in books.items()
    }
    return judge(json.loads(result.stdout), unkept)


def judge(report: Mapping[str, Any], unkept: Mapping[str, int]) -> Verdict:
    """Return what remains of a report once each agent's numbers that were given out and never acknowledged are off."""
    lines = next(check["lines"] for check in report["checks"] if check["name"] == "sequences")
    gaps = {line["subject"].rpartition(" / ")[2]: line["counts"].get("LOST", 0) for line in lines}
    explained = sum(min(missing, unkept.get(agent, 0)) for agent, missing in gaps.items())
    faults = {status: count for status, count in report["faults"].items() if count}
    if explained:
        faults["LOST"] -= explained
    return Verdict({status: count for status, count in faults.items() if count}, explained)
