"""Counts over time."""

from typing import Literal

from pydantic import BaseModel, Field

Dimension = Literal["verdict", "os_type", "device"]


class Series(BaseModel):
    """One line of a chart."""

    name: str = Field(description="The value of the dimension that is counted.")
    points: list[tuple[int, int]] = Field(description="[start of the step in Unix seconds, count], gaps filled with 0.")


class Timeseries(BaseModel):
    """Events per step, by one dimension."""

    step_seconds: int
    series: list[Series]
