"""What is wrong with a screen as it is laid out: sizes, overflow, reach, words. Nothing is rendered.

The numbers are those of `screens.look.theme`.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from devices.receipt_printer.typeset.typesetting import missing_characters
from screens.look.text import CAP_HEIGHT_EM
from screens.look.theme import Theme
from tests.screens.pictures.gallery import Gallery


def labels(gallery: Gallery) -> Iterator[Any]:
    from screens.widgets.label import TextLabel

    yield from (widget for widget in gallery.stage.walk() if isinstance(widget, TextLabel) and widget.setting)


def targets(gallery: Gallery, theme: Theme) -> Iterator[str]:
    """A1: 20 mm, main tiles 25 x 60 mm, 3 mm apart, 5 mm from the bezel."""
    mm, slack = theme.px_per_mm, 1.01
    shown = gallery.stage.targets
    for target in shown:
        is_tile = target.name.startswith("tile:") and type(gallery.stage.screen).__name__ == "StartScreen"
        least_w, least_h = (60, 25) if is_tile else (20, 20)
        if target.width + slack < least_w * mm or target.height + slack < least_h * mm:
            yield f"{target.name} measures {target.width / mm:.1f} x {target.height / mm:.1f} mm"
        edges = (target.x, target.y, theme.width_px - target.right, theme.height_px - target.top)
        if min(edges) + slack < 5 * mm:
            yield f"{target.name} lies {min(edges) / mm:.1f} mm from the bezel"
    for one, other in combinations(shown, 2):
        gap = max(other.x - one.right, one.x - other.right, other.y - one.top, one.y - other.top)
        if gap + slack < 3 * mm:
            yield f"{one.name} and {other.name} lie {gap / mm:.1f} mm apart"


def letters(gallery: Gallery, theme: Theme) -> Iterator[str]:
    """A2 and A4: no letter too small, none outside its box, none without a picture, none shortened."""
    for label in labels(gallery):
        capital = label.setting.size_px * CAP_HEIGHT_EM / theme.px_per_mm
        least = theme.primary_floor if label.is_primary else theme.floor
        if label.setting.size_px < least:
            yield f"{label.text!r} has capitals of {capital:.1f} mm"
        x, y, w, h = label.ink
        inside = x >= label.x - 2 and y >= label.y - 2 and x + w <= label.right + 2 and y + h <= label.top + 2
        if not label.setting.fits or not inside:
            yield f"{label.text!r} leaves its box of {label.width:.0f} x {label.height:.0f}"
        if label.x < -1 or label.y < -1 or label.right > theme.width_px + 1 or label.top > theme.height_px + 1:
            yield f"{label.text!r} leaves the panel"
        if missing_characters(label.text):
            yield f"{label.text!r} has letters without a picture: {missing_characters(label.text)}"


def reach(gallery: Gallery, theme: Theme) -> Iterator[str]:
    """A11: within low reach everything that can be touched lies low."""
    for target in gallery.stage.targets:
        if theme.low and target.top > theme.reach_px + 1:
            yield f"{target.name} lies too high for low reach: {target.top / theme.px_per_mm:.0f} mm"


def bare_tiles(gallery: Gallery) -> Iterator[str]:
    """A picture says more to who cannot read, and a closed service says why: name tiles without either."""
    for target in gallery.stage.targets:
        if target.name.startswith("tile:"):
            if not target.has_picture:
                yield f"{target.name} has no picture"
            if not target.enabled and not target.note.text:
                yield f"{target.name} doesn't say why it is closed"


def speech(gallery: Gallery) -> Iterator[str]:
    """A12: everything that can be touched has words; a disabled button that lost its power says why."""
    for target in gallery.stage.targets:
        if not target.spoken.strip():
            yield f"{target.name} says nothing"
