"""A panel that stands on its side: the picture turned by a quarter, touches with it, and what is seen on it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from screens.look.theme import Theme

QUARTER_TURN: Final = 270
"""Degrees as Kivy counts them, against the clock: with the clock it is a quarter, as "right" is to X."""


def turn(window: Any, is_turned: Callable[[int, int], bool], theme: Theme) -> Theme:
    """Turn picture and touches if `is_turned` says so of the panel's width and height; return the theme that fits."""
    window.rotation = QUARTER_TURN if is_turned(*map(int, window.system_size)) else 0
    width, height = map(int, window.size)
    # Kivy leaves its viewport as it was where a turned panel has the sides of the window before (on_pre_resize).
    window.update_viewport()
    return replace(theme, width_px=width, height_px=height)


def share(window: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a finger touches the panel that means this pixel of the picture: shares from its lower left."""
    across, up = x / window.width, y / window.height
    return (up, 1 - across) if window.rotation else (across, up)


def seen(window: Any) -> Any:
    """Return what the panel shows as a Pillow image, the way up in which somebody reads it."""
    whole = picture(window, window.system_size)
    return whole.rotate(360 - window.rotation, expand=True) if window.rotation else whole


def picture(window: Any, size: tuple[int, int]) -> Any:
    """Return the lower left part of what the window shows as a Pillow image, drawn afresh: no stale buffer."""
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
    from PIL import Image

    window.dispatch("on_draw")
    width, height = size
    pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
    image = Image.frombytes("RGBA", (width, height), pixels).convert("RGB")
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
