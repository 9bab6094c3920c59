"""The screen of the machine that the demo runs on: whether there is one, and a window that fits on it."""

import ctypes
import os

_BESIDES_PX = (20, 120)  # what a desktop needs around a window: borders, title, panel
_WHOLE_PX = (1080, 1920)  # the kiosk's panel, upright
_SMALLEST = 0.3  # of it; the settings take no panel below 320 pixels


def size_px() -> tuple[int, int] | None:
    """Return width and height of the X display that windows come up on, or None where there is none."""
    if not os.environ.get("DISPLAY"):
        return None
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    for call in (x11.XDefaultScreen, x11.XCloseDisplay):
        call.argtypes = [ctypes.c_void_p]
    for call in (x11.XDisplayWidth, x11.XDisplayHeight):
        call.argtypes = [ctypes.c_void_p, ctypes.c_int]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    screen = x11.XDefaultScreen(display)
    size = int(x11.XDisplayWidth(display, screen)), int(x11.XDisplayHeight(display, screen))
    x11.XCloseDisplay(display)
    return size


def fitting(display_px: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the kiosk's upright panel, never above its own, that fits on this display."""
    shares = [(has - besides) / whole for has, besides, whole in zip(display_px, _BESIDES_PX, _WHOLE_PX, strict=True)]
    share = min(1.0, max(_SMALLEST, min(shares)))
    return round(_WHOLE_PX[0] * share), round(_WHOLE_PX[1] * share)
