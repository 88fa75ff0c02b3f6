"""Watchlists: which commands the agent runs, how often, and for how long at most."""

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from producers.runner import LOCAL_OS_TYPE
from runtime.errors import ConfigurationError

DEFAULT_WATCHLIST = Path(__file__).with_name("watchlist.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Timing(_Strict):
    """When a command runs. Times are in seconds."""

    interval: float = Field(60.0, gt=0, description="From one start to the next.")
    timeout: float = Field(20.0, gt=0, description="What a run may take before it is ended.")
    jitter: float = Field(0.1, ge=0, le=1, description="By how much of the interval a start may come later, at random.")


class WatchedCommand(_Strict):
    """One command of a watchlist; a time that is not given is the list's default."""

    command: str = Field(min_length=1, description="The command line, run by /bin/sh.")
    interval: float | None = Field(None, gt=0)
    timeout: float | None = Field(None, gt=0)
    jitter: float | None = Field(None, ge=0, le=1)
    os_type: str = Field(LOCAL_OS_TYPE, description="Whose output it is; default this host's.")
    labels: dict[str, str] = Field(default_factory=dict, description="Labels on top of the agent's.")

    def timing(self, defaults: Timing) -> Timing:
        """Return the command's own times, completed from the defaults."""
        own = {name: value for name in Timing.model_fields if (value := getattr(self, name)) is not None}
        return defaults.model_copy(update=own)


class Watchlist(_Strict):
    """A watchlist file."""

    defaults: Timing = Field(default_factory=Timing)
    commands: tuple[WatchedCommand, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_command_twice(self) -> Self:
        lines = [watched.command for watched in self.commands]
        if repeated := {line for line in lines if lines.count(line) > 1}:
            raise ValueError(f"{len(repeated)} commands stand there twice")
        return self


def load_watchlist(path: Path) -> Watchlist:
    """Read a watchlist from a YAML file.

    Raises:
        ConfigurationError: it cannot be read or is no watchlist; says where.

    """
    try:
        return Watchlist.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigurationError(f"cannot read the watchlist {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"the watchlist {path} is no UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ConfigurationError(f"the watchlist {path} is no YAML{where}") from None
    except ValidationError as error:
        complaints = (f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(f"the watchlist {path} does not fit: " + "; ".join(complaints)) from None
