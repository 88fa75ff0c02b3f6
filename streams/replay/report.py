"""How a replay ended, for people and for programs."""

from dataclasses import dataclass
from typing import Any

from streams.replay.journal import Entry


@dataclass(frozen=True, slots=True)
class Report:
    """The last entry of a run, and what the run was."""

    entry: Entry
    seconds: float
    rules_version: str
    dry_run: bool

    def record(self) -> dict[str, Any]:
        """Return the report as JSON shows it."""
        entry = self.entry
        return {
            "replay": entry.scope.name,
            "finished": entry.finished_at is not None,
            "dry_run": self.dry_run,
            "rules_version": self.rules_version,
            "seconds": round(self.seconds, 3),
            "position": entry.position,
            "scope": entry.scope.record(),
            **entry.tally.record(),
        }

    @property
    def text(self) -> str:
        """The report as lines."""
        tally = self.entry.tally
        verb = "would be published" if self.dry_run else "published"
        different = tally.selected - tally.unchanged
        counts = (
            (tally.looked_at, "looked at"),
            (tally.selected, f"selected, analysed by rules {self.rules_version}"),
            (tally.unchanged, "say what their row says already"),
            (different if self.dry_run else tally.published, verb),
            (tally.requested, "explanations asked for"),
            (tally.findings_changed, "have other findings"),
            (tally.unreadable, "unreadable, passed over"),
        )
        lines = [f"{count:12,}  {what}" for count, what in counts if count or what == verb]
        verdicts = [f"{count:12,}  {old} -> {new}" for (old, new), count in tally.verdicts.most_common()]
        head = ["verdicts that changed:"] if verdicts else []
        return "\n".join([*lines, *head, *verdicts, *tally.unreadable_places])
