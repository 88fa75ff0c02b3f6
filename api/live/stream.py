"""One live stream from hello to end, whatever carries it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from api.live.hub import Hub
from api.live.notice import End, Frame, Gap, GapReason, Heartbeat, Hello, StreamEndedError
from api.live.portion import Portion
from api.live.position import Position, parse_position
from api.live.replay import Replayer
from api.live.selection import Selection
from api.live.subscription import Subscription

_BEGIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStream:
    """What a client asked for, and where it comes from."""

    hub: Hub
    replayer: Replayer
    selection: Selection
    after: str | None
    """Id of the last event that the client has seen."""
    heartbeat_seconds: float

    async def portions(self, subscription: Subscription) -> AsyncGenerator[Sequence[Portion]]:
        """Yield what to write at once: hello, what was missed, then events and heartbeats, at last the end."""
        yield _alone(Hello(None if self.after else subscription.begin_position, self.heartbeat_seconds))
        if self.after:
            missed = await self._missed(self.after, await subscription.beginning(patience=_BEGIN_SECONDS))
            yield [Portion(missed)]
        try:
            while True:
                portions = await subscription.take(patience=self.heartbeat_seconds)
                yield portions or _alone(Heartbeat(self.hub.position))
        except StreamEndedError as ended:
            yield _alone(End(ended.reason))

    async def _missed(self, after: str, begin: Position | None) -> list[Frame]:
        try:
            seen = parse_position(after)
        except ValueError:
            return [Gap(GapReason.UNKNOWN_POSITION)]
        if begin is None:
            return [Gap(GapReason.UNREACHABLE)]
        replay = await self.replayer.replay(seen, begin)
        gap: list[Frame] = [] if replay.gap is None else [replay.gap]
        return gap + [event for event in replay.events if self.selection.admits(event)]


def _alone(frame: Frame) -> Sequence[Portion]:
    return [Portion([frame])]
