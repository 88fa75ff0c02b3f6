"""What people may see of a dead letter's bytes: decoded as far as they go, secrets masked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.redaction import Redactor
from schemas import wire
from schemas.catalog import RegisteredSchema
from schemas.codec import decode, decode_start
from schemas.errors import DatumError
from schemas.registry import Registry

_LONGEST_TEXT = 2_000
"""Characters of a text that are shown."""
_FIRST_BYTES = 64
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}

_redactor = Redactor()


@dataclass(frozen=True, slots=True)
class Opened:
    """A value in words: what it is, and what of it can be read."""

    what: str
    text: str


def open_value(value: bytes | None, registry: Registry) -> Opened:
    """Return what can be read of a message's value.

    Raises:
        RegistryUnavailableError: the schema registry did not answer.

    """
    if value is None:
        return Opened("null", "")
    try:
        schema = registry.by_id(wire.schema_id_of(value))
    except DatumError as error:
        return Opened(str(error), _text_of(value))
    return _open_datum(value[wire.HEADER_SIZE :], schema)


def shown(data: bytes | str | None) -> str:
    """Return a text of foreign origin as a terminal may have it: secrets masked, control characters spelt out."""
    text = data.decode(errors="backslashreplace") if isinstance(data, bytes) else data or ""
    return _redactor.redact(text).text.translate(_CONTROLS)


def _open_datum(datum: bytes, schema: RegisteredSchema) -> Opened:
    name = f"{schema.definition['name']} version {schema.version}"
    try:
        return Opened(name, _as_json(decode(schema, datum)))
    except DatumError as error:
        start = decode_start(schema, datum)
        return Opened(f"{name}, broken ({error}); what can be read before the break", _as_json(start))


def _text_of(value: bytes) -> str:
    """Return bytes of no known form: as text where they are one, else the first of them in hexadecimal."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    return value[:_FIRST_BYTES].hex(" ") if "\0" in text else _shortened(shown(text))


def _as_json(record: Mapping[str, Any]) -> str:
    return json.dumps(_masked(record), indent=2, ensure_ascii=False).translate(_CONTROLS)


def _masked(value: Any) -> Any:
    """Return a decoded value as JSON has it, every text in it masked."""
    if isinstance(value, Mapping):
        return {shown(name): _masked(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_masked(member) for member in value]
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return _shortened(_redactor.redact(str(value)).text)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}... ({len(text):,} characters)"
