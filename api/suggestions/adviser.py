"""From a request to its suggestions: what the last command was, and what is known to follow."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from api.database import Database
from api.errors import invalid, not_found
from api.models.suggestion import Suggestion
from api.models.suggestion_query import SuggestionParameters
from api.queries.suggestions import executed, habits, latest, model_suggestions
from api.settings import ApiSettings
from api.suggestions.habit import Habit, rank
from api.suggestions.proposal import propose
from api.suggestions.situation import Execution, Situation

_NOWHERE = "0" * 32
"""The fingerprint of an execution that was never analysed."""


class Adviser:
    """Suggests on behalf of one tenant."""

    def __init__(self, database: Database, settings: ApiSettings) -> None:
        self._database = database
        self._min_users = settings.api_suggestion_min_users

    async def situation(self, asked: SuggestionParameters) -> Situation:
        """Return what is known of the place that suggestions are asked for.

        Raises:
            ApiError: 404, the execution or device that shall say what it is like is not known; 422, none is named.

        """
        execution = await self._execution(asked)
        if execution is None and asked.os_type is None:
            raise _unplaced(asked)
        same_command = execution if execution and asked.after in {None, execution.command} else None
        return Situation(
            os_type=asked.os_type or (execution.os_type if execution else ""),
            after=asked.after or (same_command.command if same_command else ""),
            verdict=asked.verdict or (same_command.verdict if same_command else ""),
            fingerprint=(asked.fingerprint or (same_command.fingerprint if same_command else "")).lower(),
            prefix=asked.prefix or "",
            values=same_command.values if same_command else {},
        )

    async def suggestions(self, situation: Situation, *, today: date) -> Sequence[Suggestion]:
        """Return everything worth suggesting, the best first."""
        rows, analyses = await asyncio.gather(
            self._database.rows(habits(situation, min_users=self._min_users, today=today)), self._analyses(situation)
        )
        ranked = rank(map(Habit.from_row, rows))
        return propose(situation, ranked, analyses)

    async def _execution(self, asked: SuggestionParameters) -> Execution | None:
        if asked.event_id is not None:
            statement = executed(asked.event_id)
        elif asked.device is not None:
            statement = latest(asked.device, asked.after or "")
        else:
            return None
        rows = await self._database.rows(statement)
        return Execution.from_row(rows[0]) if rows else None

    async def _analyses(self, situation: Situation) -> list[dict[str, Any]]:
        if situation.fingerprint in {"", _NOWHERE}:
            return []
        return await self._database.rows(model_suggestions(situation.fingerprint))


def _unplaced(asked: SuggestionParameters) -> Exception:
    if asked.device is None and asked.event_id is None:
        problem = {"where": "os_type", "problem": "needed where neither device nor event_id is given"}
        return invalid("say what kind of system it is: os_type, device or event_id", details={"problems": [problem]})
    return not_found("no such execution is kept; give os_type as well")
