"""One file of the dashboard as it goes over the wire, and where the files come from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

_STATIC = files("api.dashboard") / "static"
_UPLOT = files("youplot") / "vendor"
_UPLOT_FILES = ("uplot.iife.min.js", "uplot.min.css")

_MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes with what HTTP needs to know of them; `etag` is a strong validator, quotes included."""

    body: bytes
    media_type: str
    etag: str


@cache
def page_asset() -> Asset:
    """Return the page itself."""
    return _read(_STATIC / "index.html")


@cache
def assets() -> dict[str, Asset]:
    """Return every file the page may ask for, by its path below `/assets/`.

    The set is fixed when it is first read, so no request's path ever reaches the file system. uPlot comes from the
    installed `youplot` package.
    """
    found = {path: _read(file) for path, file in _walk(_STATIC, PurePosixPath()) if path != "index.html"}
    return found | {f"vendor/{name}": _read(_UPLOT / name) for name in _UPLOT_FILES}


def _walk(folder: Traversable, below: PurePosixPath) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        path = below / entry.name
        if entry.is_dir():
            yield from _walk(entry, path)
        elif path.suffix in _MEDIA_TYPES:
            yield str(path), entry


def _read(file: Traversable) -> Asset:
    body = file.read_bytes()
    return Asset(
        body=body,
        media_type=_MEDIA_TYPES[PurePosixPath(file.name).suffix],
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
    )
