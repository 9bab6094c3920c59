"""Names in a message that no reader takes, at any depth: kiosks read past them, and nobody would hear of a slip."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from common.machine.plain_words import read_json


class Unknown(NamedTuple):
    """A field that means nothing where it stands, and which ones would."""

    path: str
    known: Sequence[str]


def read_known[T](content: bytes, kind: type[T]) -> T:
    """Return what somebody wrote by hand. Raises ValueError, also where a name in it means nothing."""
    told = read_json(content, kind)
    if (unknown := unknown_field(told, msgspec.json.decode(content))) is not None:
        raise ValueError(f"{unknown.path}: expected one of {', '.join(unknown.known)}")
    return told


def unknown_field(read: object, said: object, path: str = "") -> Unknown | None:
    """Return the first field of a message that no reader takes; None where there is none.

    Args:
        read: the message, as its struct took it.
        said: the same JSON, read without any struct.
        path: where both stand in the whole.
    """
    pairs: list[tuple[object, object, str]] = []
    if isinstance(read, Struct) and isinstance(said, dict):
        names = read.__struct_encode_fields__
        if unknown := said.keys() - set(names):
            return Unknown(f"{path}{min(unknown)[:60]}", names)
        attributes = zip(names, read.__struct_fields__, strict=True)
        pairs = [(getattr(read, own), said[name], f"{path}{name}") for name, own in attributes if name in said]
    elif isinstance(read, Mapping) and isinstance(said, dict):
        pairs = [(read[name], inner, f"{path}{name}") for name, inner in said.items() if name in read]
    elif isinstance(read, (list, tuple)) and isinstance(said, list):
        outer = path.removesuffix(".")
        both = zip(read, said, strict=True)
        pairs = [(inner, told, f"{outer}[{place}]") for place, (inner, told) in enumerate(both)]
    found = (unknown_field(inner, told, f"{where}.") for inner, told, where in pairs)
    return next((one for one in found if one is not None), None)
