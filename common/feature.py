"""What a feature is: a folder under `features/` that can be taken out whole, and how rooms find what it brings them.

The core imports no feature. Those whose folders are installed are found by looking; one that is not installed
is not missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
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
    """One feature, as `FEATURE` of `features.NAME`; what a room gets of it is `BRINGS` of `features.NAME.ROOM.part`.

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


def brought[T](room: str, kind: type[T]) -> tuple[T, ...]:
    """Return what features bring to a room, of one kind: each seam of a room has a kind of its own.

    Args:
        room: such as `kiosk`: one of the program that asks, whose libraries are here.
        kind: what is asked for.
    """
    rooms = [f"{_ROOT}.{one.name}.{room}" for one in installed()]
    found = [one for name in rooms if find_spec(name) is not None for one in import_module(f"{name}.part").BRINGS]
    return tuple(one for one in found if isinstance(one, kind))


def locales(room: str) -> tuple[Path, ...]:
    """Return the folders in which features have texts for a room, a gettext file a language."""
    rooms = [Path(import_module(f"{_ROOT}.{one.name}").__path__[0]) / room / "locale" for one in installed()]
    return tuple(one for one in rooms if one.is_dir())
