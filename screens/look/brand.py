"""A municipality's own colours, from a file: `[colours]` of a brand file, in the usual look.

What can't be read is refused, pair by pair: text keeps 7:1, edges and what can be touched 3:1 (WCAG 2.2). High
contrast is nobody's brand and stays as it is. No Kivy.
"""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from screens.look.contrast import contrast
from screens.look.theme import CALM, Palette, rgb

TEXT: Final = 7.0
EDGE: Final = 3.0
DISABLED: Final = 4.5
PAIRS: Final[tuple[tuple[float, tuple[tuple[str, str], ...]], ...]] = (
    (TEXT, (
        *((ink, ground) for ink in ("ink", "soft_ink", "primary") for ground in ("ground", "surface", "tint")),
        ("on_primary", "primary"), ("on_primary", "primary_low"), ("ink", "pressed"), ("primary", "pressed"),
        ("warn", "warn_tint"), ("ink", "warn_tint"), ("warn", "ground"), ("bad", "ground"), ("bad", "bad_tint"),
        ("good", "ground"), ("on_band", "band"),
    )),
    (EDGE, (("edge", "ground"), ("edge", "surface"), ("focus", "ground"), ("focus", "surface"))),
    (DISABLED, (("disabled_ink", "tint"), ("disabled_ink", "ground"))),
)  # fmt: skip
"""What must be told apart, and how well."""

Colour = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description='a colour such as "#0A4F45"')]


class BrandError(Exception):
    """The brand file can't be used; the message says what is wrong and what would be right."""


class _Colours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`primary` is the band above and all that can be done; `primary_low` what a button stands on."""

    primary: Colour
    primary_low: Colour
    tint: Colour
    pressed: Colour
    ground: Colour


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    colours: _Colours


def load_palette(path: Path) -> Palette:
    """Return the usual look in the colours of this file. Raises BrandError."""
    try:
        with path.open("rb") as file:
            found = msgspec.convert(tomllib.load(file), _File).colours
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BrandError(f"{path}: {str(error)[:200]}; right would be [colours] as in deploy/brand.toml") from error
    own = {name: rgb(getattr(found, name)) for name in found.__struct_fields__}
    palette = replace(CALM, **own, band=own["primary"], good=own["primary"])
    if faults := unreadable(palette):
        raise BrandError(f"{path}: {'; '.join(faults[:3])}")
    return palette


def unreadable(palette: Palette) -> list[str]:
    """Name the pairs of a palette that are too near to each other, each with what it has and what it needs."""
    return [
        f"{ink} on {ground} has a contrast of {found:.1f}:1; right would be {least:g}:1 or more"
        for least, pairs in PAIRS
        for ink, ground in pairs
        if (found := contrast(getattr(palette, ink), getattr(palette, ground))) < least
    ]
