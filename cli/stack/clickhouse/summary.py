"""What a query did, in the figures of ClickHouse's X-ClickHouse-Summary header."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Summary:
    """Rows and bytes read, written and returned, and the time it took."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    elapsed_ns: int = 0

    def header(self) -> str:
        """Return the header's value: JSON whose numbers are strings."""
        return json.dumps({name: str(value) for name, value in asdict(self).items()}, separators=(",", ":"))
