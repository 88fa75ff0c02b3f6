"""A statement for ClickHouse with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass

Parameter = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `{name:Type}` places, which the server fills: no value ever becomes part of the text.

    The tenant's place must be in the text; its value is bound by `api.database.Database`, so that no query can name
    another tenant's.
    """

    name: str
    """What the query is called in metrics."""
    text: str
    parameters: Mapping[str, Parameter]

    def __post_init__(self) -> None:
        """Refuse a statement that would read other tenants' rows.

        Raises:
            ValueError: the text does not bind the tenant, or the parameters set it.

        """
        if "{tenant:String}" not in self.text or "tenant" in self.parameters:
            raise ValueError(f"the statement {self.name} does not leave the tenant to the database")
