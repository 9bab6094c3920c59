"""What pages load: each file with a mark of its content, and the two that are made of the municipality's brand."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, NamedTuple

from common.city.brand.brand import brand
from common.city.brand.look import variables

_TYPES: Final = {".css": "text/css", ".mjs": "text/javascript", ".png": "image/png", ".ttf": "font/ttf"}


class Asset(NamedTuple):
    """A file as it is served; with its mark in the address it may be kept for ever."""

    content: bytes
    kind: str
    mark: str


def marked(files: Mapping[str, bytes]) -> dict[str, Asset]:
    """Mark what pages load, by name, beside the brand's colours and emblem."""
    made = {**files, **_of_the_brand()}
    return {name: Asset(content, _TYPES[PurePath(name).suffix], _mark(content)) for name, content in made.items()}


def _of_the_brand() -> dict[str, bytes]:
    look, emblem = variables(brand().colours.look), brand().picture("emblem")
    if emblem is None:
        return {"brand.css": f":root {{ {look} }}\n".encode()}
    mask = f'url("emblem.png?v={_mark(emblem)}") center / contain no-repeat'
    rules = f":root {{ {look} }}\n.emblem {{ -webkit-mask: {mask}; mask: {mask}; }}\n"
    return {"brand.css": rules.encode(), "emblem.png": emblem}


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
