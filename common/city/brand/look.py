"""The colours of screens and pages: the usual ones, a municipality's own laid over them, and whether they can be read.

All ends draw in the same colours, so one place judges them: text keeps 7:1, edges and what can be touched 3:1 (WCAG
2.2, 1.4.6 and 1.4.11). Colours are written `#RRGGBB`, by what they are for.
"""

from collections.abc import Mapping
from typing import Final

Rgb = tuple[float, float, float]

USUAL: Final[Mapping[str, str]] = {
    "ground": "#F6F2E9",
    "surface": "#FFFFFF",
    "ink": "#12211E",
    "soft_ink": "#384642",
    "edge": "#7D8A84",
    "tint": "#E0EDE7",
    "primary": "#0A4F45",
    "primary_low": "#06342D",
    "on_primary": "#FFFFFF",
    "pressed": "#CFE3DA",
    "good": "#0A4F45",
    "warn": "#6B4700",
    "warn_tint": "#FBEBC8",
    "bad": "#8A1C17",
    "bad_tint": "#F8E1DD",
    "focus": "#9A5B00",
    "band": "#0A4F45",
    "on_band": "#FFFFFF",
    "disabled_ink": "#5B6661",
}
"""Deep green on warm white."""

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

_BLACK: Final = (0.0, 0.0, 0.0)
_WHITE: Final = (1.0, 1.0, 1.0)
_DARK: Final = {"ground": (_BLACK, 0.8), "surface": (_BLACK, 0.65), "soft_ink": (_WHITE, 0.85), "edge": (_WHITE, 0.5)}
"""How far each of a dark page's colours is from the band's on the way to black or white."""


def look_of(own: Mapping[str, str]) -> dict[str, str]:
    """Return the usual look with these colours of a municipality's own; what can be done gives the band its colour."""
    primary = own.get("primary", USUAL["primary"])
    return {**USUAL, "band": primary, "good": primary, **own}


def dark(look: Mapping[str, str]) -> dict[str, str]:
    """Return what a dark page changes of a look: its own hue near black, and a band as light as white letters allow."""
    primary = rgb(look["primary"])
    mixed = {name: _mixed(primary, other, share) for name, (other, share) in _DARK.items()}
    bands = (_mixed(primary, _WHITE, percent / 100) for percent in range(100, 0, -1))
    band = next((one for one in bands if contrast(_WHITE, rgb(one)) >= TEXT), look["primary"])
    return {**mixed, "ink": "#FFFFFF", "on_primary": "#FFFFFF", "primary": band}


def unreadable(look: Mapping[str, str]) -> list[str]:
    """Name the pairs of a look that are too near to each other, each with what it has and what it needs."""
    return [
        f"{ink} {look[ink]} on {ground} {look[ground]} has a contrast of {found:.1f}:1; "
        f"right would be {least:g}:1 or more"
        for least, pairs in PAIRS
        for ink, ground in pairs
        if (found := contrast(rgb(look[ink]), rgb(look[ground]))) < least
    ]


def variables(look: Mapping[str, str]) -> str:
    """Write a look as the custom properties of a style sheet: `--soft-ink: #384642; ...`."""
    return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in look.items())


def rgb(text: str) -> Rgb:
    """Return a colour written `#RRGGBB` as three numbers from 0 to 1."""
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance), from 1 to 21."""

    def luminance(colour: Rgb) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def _mixed(one: Rgb, other: Rgb, share: float) -> str:
    """Return the colour that has this share of the other."""
    mixed = (round(255 * (a + (b - a) * share)) for a, b in zip(one, other, strict=True))
    return "#" + bytes(mixed).hex().upper()
