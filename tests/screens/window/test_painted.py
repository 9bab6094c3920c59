"""How much a frame paints: without a graphics card each pixel painted twice is time that a citizen waits."""

from collections.abc import Iterator
from typing import Any

import pytest
from kivy.graphics import Canvas, Mesh, Rectangle
from kivy.uix.widget import Widget

from screens.look.theme import Theme
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

PANEL = Theme()
MOST_SHARE = {False: 1.4, True: 1.2}
"""Of the panel. With sheets, whole lips and whole plates it was 4; high contrast paints no black on black, but its
letters are half as large again."""


def instructions(group: Any) -> Iterator[Any]:
    for one in group.children:
        if isinstance(one, Canvas) or hasattr(one, "children"):
            yield from instructions(one)
        else:
            yield one


def triangles_px(mesh: Mesh) -> float:
    corners = [tuple(mesh.vertices[4 * index : 4 * index + 2]) for index in mesh.indices]
    total = 0.0
    for (ax, ay), (bx, by), (cx, cy) in zip(corners[::3], corners[1::3], corners[2::3], strict=True):
        total += abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    return total


def painted_px(widget: Widget) -> float:
    total = 0.0
    for one in instructions(widget.canvas):
        if isinstance(one, Mesh):
            total += triangles_px(one)
        elif isinstance(one, Rectangle):
            total += one.size[0] * one.size[1]
    return total


@pytest.mark.proof
@pytest.mark.parametrize("easy", [False, True], ids=["calm", "high-contrast"])
def test_hardly_a_pixel_is_painted_twice(gallery: Gallery, easy: bool) -> None:
    painted = {}
    for name, prompt in SAMPLES.items():
        gallery.lay_out(prompt, PANEL.with_easy(easy), "ar", STRIP)
        painted[name] = round(painted_px(gallery.stage) / (PANEL.width_px * PANEL.height_px), 2)
    assert {name: share for name, share in painted.items() if share > MOST_SHARE[easy]} == {}
