"""A3 in the drawn picture: what stands on what is measured from the pixels around each text, icon, edge and focus ring.

The palette's own numbers are in `test_audits`; here a label that lies on another surface than was meant, a state that
changes the ground but not the ink, or a ring that is covered would show.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from PIL import Image

from common.city.brand.look import contrast
from screens.look.theme import Theme
from tests.screens.pictures.draw_all import states
from tests.screens.pictures.gallery import Gallery

PANEL = Theme(1280, 800, 10.1, viewing_distance_mm=400)
TEXT, DISABLED, SHAPE = 7.0, 4.5, 3.0
_OVER_ALL = ("t3-touch", "t3-picture")  # they cover strip and all
_PARTS = 4  # each well within a test's minute on a busy machine
STATES = ("start", "start-one-closed", "start-no-paper", "priority-chosen", "service-info-closed", "type-number",
          "hold-code-help", "more-services", "t2-overview", "t3-tests")  # fmt: skip
"""Screens whose buttons are looked at pressed and under the focus: every kind of button is among them."""

Pixel = tuple[int, int, int]


@cache
def drawn() -> dict[str, tuple[Any, Any]]:
    return {name: (prompt, strip) for name, prompt, strip in states() if not name.startswith(_OVER_ALL)}


def _shares(picture: Image.Image, left: float, bottom: float, width: float, height: float) -> list[tuple[float, Pixel]]:
    """Return the colours in a box (counted from the lower left) and how much of it each covers, the most first."""
    top = picture.height - bottom - height
    box = (max(0, round(left)), max(0, round(top)), round(left + width), round(top + height))
    crop = picture.crop(box)
    found: Any = crop.getcolors(crop.width * crop.height) or []
    area = max(1, crop.width * crop.height)
    return sorted(((count / area, pixel) for count, pixel in found), reverse=True)


def _ratio(one: Pixel, other: Pixel) -> float:
    return contrast((one[0] / 255, one[1] / 255, one[2] / 255), (other[0] / 255, other[1] / 255, other[2] / 255))


def _nearest(shares: list[tuple[float, Pixel]], colour: tuple[float, float, float]) -> Pixel:
    wanted = tuple(round(part * 255) for part in colour)
    return min((pixel for _, pixel in shares), key=lambda p: sum(abs(a - b) for a, b in zip(p, wanted, strict=True)))


def _is(pixel: Pixel, colour: tuple[float, float, float]) -> bool:
    return all(abs(part - other * 255) <= 6 for part, other in zip(pixel, colour, strict=True))


def _stands_out(picture: Image.Image, box: tuple[float, ...], colour: Any, least: float) -> str:
    """Return what is wrong with the ink of this colour in this box: it is not there, or too like its ground."""
    shares = _shares(picture, *box)
    ink = _nearest(shares, colour)
    if not _is(ink, colour):
        return f"its ink is not in the picture; nearest is {ink}"
    # the thin lines of a small icon are half blended with their ground, which alone covers more
    grounds = [pixel for share, pixel in shares if share > (0.04 if least > SHAPE else 0.2) and not _is(pixel, colour)]
    low = [(round(_ratio(ink, ground), 2), ground) for ground in grounds if _ratio(ink, ground) < least]
    return f"{ink} on {low[0][1]} is {low[0][0]}:1" if low else "" if grounds else "it has no ground"


def _inks(gallery: Gallery) -> Iterator[tuple[str, tuple[float, ...], Any, float]]:
    """Yield what is drawn in ink: a name, its box, its colour, and the least contrast."""
    from screens.widgets.button import TouchButton
    from screens.widgets.label import TextLabel
    from screens.widgets.picture import Icon

    disabled = {
        id(part)
        for button in gallery.stage.walk()
        if isinstance(button, TouchButton) and not button.enabled
        for part in button.children
    }
    for widget in gallery.stage.walk():
        if isinstance(widget, TextLabel) and widget.setting:
            yield repr(widget.text), widget.ink, widget.colour, DISABLED if id(widget) in disabled else TEXT
        elif isinstance(widget, Icon) and widget.name:
            yield f"icon {widget.name}", (*widget.pos, *widget.size), widget.colour, SHAPE


def _edges(gallery: Gallery, picture: Image.Image) -> Iterator[str]:
    """Yield the buttons whose outline is too like what lies beside them, looked at across their left edge."""
    for target in gallery.stage.targets:
        if type(target).__name__ != "TouchButton":
            continue
        row = target.y + target.height * 0.5
        outside = _shares(picture, target.x - 3, row, 2, 2)[0][1]
        across = _shares(picture, target.x - 2, row, PANEL.mm(1.5), 2)
        best = max(_ratio(outside, pixel) for share, pixel in across if share > 0.1)
        if best < SHAPE:
            yield f"the edge of {target.name} is {best:.2f}:1"


def _wrong(gallery: Gallery, picture: Image.Image) -> list[str]:
    found = [(name, _stands_out(picture, box, colour, least)) for name, box, colour, least in _inks(gallery)]
    return [f"{name}: {what}" for name, what in found if what] + list(_edges(gallery, picture))


@pytest.mark.parametrize("easy", [False, True], ids=["calm", "high-contrast"])
@pytest.mark.parametrize("part", range(_PARTS))
def test_every_text_icon_and_edge_stands_out_in_the_picture(gallery: Gallery, easy: bool, part: int) -> None:
    theme, wrong = PANEL.with_easy(easy), []
    for name, (prompt, strip) in list(drawn().items())[part::_PARTS]:
        if easy and prompt.name.startswith("maintenance"):
            continue  # the technician has no easy mode
        picture = gallery.draw(prompt, theme, "ar", strip)
        wrong += [f"{name}: {one}" for one in _wrong(gallery, picture)]
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("easy", [False, True], ids=["calm", "high-contrast"])
@pytest.mark.parametrize("state", ["pressed", "focused"])
def test_buttons_stand_out_pressed_and_under_the_focus(gallery: Gallery, easy: bool, state: str) -> None:
    theme, wrong = PANEL.with_easy(easy), []
    for name in STATES:
        prompt, strip = drawn()[name]
        if easy and prompt.name.startswith("maintenance"):
            continue
        gallery.lay_out(prompt, theme, "en", strip)
        before = gallery.again(theme)
        targets = [target for target in gallery.stage.targets if target.enabled]
        for target in targets:
            target.press(True) if state == "pressed" else target.focus(True)
        picture = gallery.again(theme)
        wrong += [f"{name}: {one}" for one in _wrong(gallery, picture)]
        for target in targets:
            if not _is_seen(before, picture, target, theme, state):
                wrong.append(f"{name}: {target.name} doesn't show that it is {state}")
            target.press(False)
            target.focus(False)
    assert not wrong, "\n".join(wrong[:40])


def _is_seen(before: Image.Image, after: Image.Image, target: Any, theme: Theme, state: str) -> bool:
    """Return whether a state is seen: the focus as a ring that stands out from the ground, a press as another plate."""
    if state == "focused":
        beside = (target.x - theme.mm(1.5), target.y + target.height * 0.5, 3, 3)
        ring, ground = _shares(after, *beside)[0][1], _shares(before, *beside)[0][1]
        return _ratio(ring, ground) >= SHAPE
    inside = (target.x, target.y, target.width, target.height)
    return _shares(before, *inside) != _shares(after, *inside)
