"""Private keys in PEM, OpenSSH and PGP armour (RFC 7468, RFC 4716, RFC 9580): the one secret of many lines."""

import re
from collections.abc import Iterator
from itertools import zip_longest

_MARKER = re.compile(rb"-{4,5} ?(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_LINE = re.compile(rb"\S(?:[^\n]*\S)?")
_HEADER = re.compile(rb"[A-Za-z-]{1,40}: [^\n]+")
_ARMOUR = re.compile(rb"[A-Za-z0-9+/=\\]+")
_MASKED = b"[REDACTED]"
_LONG_ENOUGH = 16
"""Base64 characters that are taken for the start of a key's line where the line goes on with something else."""

Span = tuple[int, int]


def find(text: bytes) -> Iterator[Span]:
    """Yield the span of every line of every private key's body; the BEGIN and END lines stay.

    A key that the end of the text cuts off is masked as far as its lines look like one.
    """
    if b"PRIVATE KEY" not in text:
        return
    markers = list(_MARKER.finditer(text))
    for here, following in zip_longest(markers, markers[1:]):
        if here.group(1) != b"BEGIN":
            continue
        if following is None:
            yield from _open_body(text, here.end(), len(text))
        elif following.group(1) == b"BEGIN":
            yield from _open_body(text, here.end(), following.start())
        else:
            yield from _closed_body(text, here.end(), following.start())


def _closed_body(text: bytes, start: int, end: int) -> Iterator[Span]:
    yield from (line.span() for line in _LINE.finditer(text, start, end))


def _open_body(text: bytes, start: int, end: int) -> Iterator[Span]:
    for line in _LINE.finditer(text, start, end):
        armour = _ARMOUR.match(line.group())
        if line.group() == _MASKED or _HEADER.fullmatch(line.group()) or (armour and armour.end() == len(line.group())):
            yield line.span()
            continue
        if armour and armour.end() >= _LONG_ENOUGH:
            yield line.start(), line.start() + armour.end()
        return
