"""Multipart form bodies: queries and parameters as plain fields, external tables as files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from cli.stack.clickhouse.errors import BAD_ARGUMENTS, ClickHouseError, server_error
from cli.stack.clickhouse.request import ExternalTable

_TYPE = re.compile(r"(?:[^,(]|\([^)]*\))+")  # the comma in Decimal(9, 2) separates nothing


@dataclass(frozen=True, slots=True)
class Form:
    """A form's parts by their names."""

    fields: Mapping[str, str]
    files: Mapping[str, bytes]

    def external(self, parameters: Mapping[str, str]) -> tuple[ExternalTable, ...]:
        """Return the files as tables; `parameters` (URL and fields) hold `<name>_structure` or `_types`, `_format`."""
        return tuple(_table(name, data, parameters) for name, data in self.files.items())


def is_form(content_type: str) -> bool:
    """Whether a body of this Content-Type is one."""
    return content_type.lower().startswith("multipart/form-data")


def read_form(body: bytes, content_type: str) -> Form:
    """Take a form apart (RFC 7578).

    Raises:
        ClickHouseError: it is no well-formed form.

    """
    boundary = _header(content_type).get_param("boundary")
    if not isinstance(boundary, str):
        raise _malformed("its Content-Type names no boundary")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:]:
        if part.startswith(b"--"):
            return Form(fields, files)
        _read_part(part, fields, files)
    raise _malformed("its closing boundary is missing")


def _read_part(part: bytes, fields: dict[str, str], files: dict[str, bytes]) -> None:
    head, separator, content = part.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
    disposition = next(
        (line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-disposition:")),
        b"",
    )
    described = _header(disposition.decode("utf-8", "replace").strip())
    name, filename = described.get_param("name"), described.get_param("filename")
    if not separator or not isinstance(name, str):
        raise _malformed("a part has no name")
    if filename is None:
        fields[name] = content.decode("utf-8", "surrogateescape")
    else:
        files[name] = content


def _header(value: str) -> Message:
    message = Message()
    message["Content-Type"] = value  # get_param reads this header; other headers have the same grammar
    return message


def _table(name: str, data: bytes, parameters: Mapping[str, str]) -> ExternalTable:
    structure = parameters.get(f"{name}_structure") or ", ".join(
        f"_{number} {kind}" for number, kind in enumerate(_TYPE.findall(parameters.get(f"{name}_types", "")), 1)
    )
    if not structure:
        raise _malformed(f"the external table {name} has neither {name}_structure nor {name}_types")
    return ExternalTable(name, structure, parameters.get(f"{name}_format") or "TabSeparated", data)


def _malformed(reason: str) -> ClickHouseError:
    return server_error(BAD_ARGUMENTS, "BAD_ARGUMENTS", f"Malformed multipart form: {reason}.")
