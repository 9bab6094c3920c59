"""A municipality's own colours, the brand's `[colours]`, laid over the usual ones.

What can't be read is refused, pair by pair: text keeps 7:1, edges and what can be touched 3:1 (WCAG 2.2). High
contrast is nobody's brand and stays as it is. No Kivy.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

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


class LookRefused(ValueError):
    """The colours can't be used; the message says which, and what would be right."""


def palette_of(colours: Mapping[str, str]) -> Palette:
    """Return the usual look in these colours, `#RRGGBB` by the palette's names. Raises LookRefused."""
    own = {name: rgb(text) for name, text in colours.items()}
    if "primary" in own:
        own |= {"band": own["primary"], "good": own["primary"]}
    palette = replace(CALM, **own)
    if faults := unreadable(palette):
        raise LookRefused("; ".join(faults[:3]))
    return palette


def unreadable(palette: Palette) -> list[str]:
    """Name the pairs of a palette that are too near to each other, each with what it has and what it needs."""
    return [
        f"{ink} on {ground} has a contrast of {found:.1f}:1; right would be {least:g}:1 or more"
        for least, pairs in PAIRS
        for ink, ground in pairs
        if (found := contrast(getattr(palette, ink), getattr(palette, ground))) < least
    ]
