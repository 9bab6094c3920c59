"""Files that pages load: each with a mark of its content, kept for ever under it, and few bytes once known."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, NamedTuple

from litestar import Response

from common.web.problem import Problem
from common.web.request import HttpRequest

TYPES: Final = {
    ".css": "text/css",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


class Asset(NamedTuple):
    """A file as it is served; with its mark in the address it may be kept for ever."""

    content: bytes
    kind: str
    mark: str


def mark_of(content: bytes) -> str:
    """Return the mark of a content."""
    return hashlib.sha256(content).hexdigest()[:16]


def marked(files: Mapping[str, bytes]) -> dict[str, Asset]:
    """Mark files, by name."""
    return {name: Asset(content, TYPES[PurePath(name).suffix], mark_of(content)) for name, content in files.items()}


def answer(
    request: HttpRequest, assets: Mapping[str, Asset], name: str, safe: Mapping[str, str], *, unmarked: str = "no-cache"
) -> Response[bytes]:
    """Answer with a file.

    Args:
        request: who asks, `v` the mark that the page knew.
        assets: all that there are, by name.
        name: the one asked for.
        safe: the page's own headers.
        unmarked: how long it may be kept where the address has not its mark.

    Raises:
        Problem: 404.
    """
    if name not in assets:
        raise Problem(404, "not-found", "there is no such file")
    content, kind, mark = assets[name]
    kept = "public, max-age=31536000, immutable" if request.query_params.get("v") == mark else unmarked
    headers = {**safe, "Cache-Control": kept, "ETag": f'"{mark}"'}
    if request.headers.get("if-none-match") == f'"{mark}"':
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
