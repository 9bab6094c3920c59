"""What a feature is: a folder under `features/` that can be taken out whole, and how rooms find what it brings them.

The core imports no feature. Those whose folders are installed are found by looking; one that is not installed
is not missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import ClassVar

from msgspec import Struct

_ROOT = "features"


class FeatureBody(Struct, frozen=True, omit_defaults=True):
    """The content of an item whose kind a feature brings."""

    sealed: ClassVar[None] = None
    """As the core's bodies have it: of these nothing is personal."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature, as `FEATURE` of `features.NAME`; what a room gets of it is `PART` of `features.NAME.ROOM`.

    Attributes:
        name: that of its folder.
        bodies: what its items hold, by their kind.
    """

    name: str
    bodies: Mapping[str, type[FeatureBody]]


@cache
def installed() -> tuple[Feature, ...]:
    """Return the features whose folders are here, by their names."""
    names = sorted(one.name for one in iter_modules(import_module(_ROOT).__path__) if one.ispkg)
    return tuple(import_module(f"{_ROOT}.{name}").FEATURE for name in names)


def parts[P](room: str, kind: type[P]) -> tuple[P, ...]:
    """Return what features bring to a room.

    Args:
        room: such as `kiosk`: that of the program that asks, whose libraries are here.
        kind: what the room expects.

    Raises:
        TypeError: a feature brings something else.
    """
    modules = [f"{_ROOT}.{one.name}.{room}" for one in installed()]
    found = [(module, import_module(module).PART) for module in modules if find_spec(module) is not None]
    for module, part in found:
        if not isinstance(part, kind):
            raise TypeError(f"{module}.PART is no {kind.__name__}")
    return tuple(part for _, part in found)
