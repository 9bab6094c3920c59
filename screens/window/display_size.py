"""How large the panel is, asked of X before Kivy opens its window.

Without a window manager nobody makes a window as large as the panel: SDL calls it full screen and leaves the size that
it was opened with, in the middle. So it is opened with the right one. SDL is not asked: it would have to be started,
ended and started again for Kivy.
"""

import ctypes


def panel_px(library: str = "libX11.so.6") -> tuple[int, int] | None:
    """Return width and height of the default screen; None where there is no X display (XOpenDisplay(3))."""
    try:
        x11 = ctypes.CDLL(library)
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = (ctypes.c_char_p,)
    for name in ("XDefaultScreen", "XCloseDisplay"):
        getattr(x11, name).argtypes = (ctypes.c_void_p,)
    for name in ("XDisplayWidth", "XDisplayHeight"):
        getattr(x11, name).argtypes = (ctypes.c_void_p, ctypes.c_int)
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        screen = x11.XDefaultScreen(display)
        return x11.XDisplayWidth(display, screen), x11.XDisplayHeight(display, screen)
    finally:
        x11.XCloseDisplay(display)
