"""The questions to ClickHouse, one a file.

`{ledger:Identifier}` is the table of what the topics hold; statements with `{share:UInt64}` are asked for one share of
the ids after the other. Five examples are named of everything.
"""

from importlib.resources import files


def statement(name: str) -> str:
    """Return a statement.

    Raises:
        FileNotFoundError: there is none of that name.

    """
    return (files(__package__) / f"{name}.sql").read_text("utf-8")
