"""How large the panel is, asked of SDL before Kivy opens its window.

Under X without a window manager nobody makes a window as large as the panel: SDL calls it full screen and leaves the
size that it was opened with, in the middle. So it is opened with the right one.
"""

import ctypes
from pathlib import Path

_VIDEO = 0x20  # SDL_INIT_VIDEO


class _DisplayMode(ctypes.Structure):
    """SDL_DisplayMode (SDL_video.h)."""

    _fields_ = (
        ("format", ctypes.c_uint32),
        ("w", ctypes.c_int),
        ("h", ctypes.c_int),
        ("refresh_rate", ctypes.c_int),
        ("driverdata", ctypes.c_void_p),
    )


def panel_px() -> tuple[int, int] | None:
    """Return width and height of the first display; None where there is none, or only one that nobody sees."""
    import kivy

    library = next(iter(sorted(Path(kivy.__file__).parents[1].glob("[Kk]ivy.libs/libSDL2-[0-9]*.so*"))), None)
    if library is None:
        return None
    sdl, mode = ctypes.CDLL(str(library)), _DisplayMode()
    if sdl.SDL_InitSubSystem(_VIDEO) != 0:
        return None
    try:
        sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
        is_seen = sdl.SDL_GetCurrentVideoDriver() not in (b"offscreen", b"dummy")
        if not is_seen or sdl.SDL_GetDesktopDisplayMode(0, ctypes.byref(mode)) != 0:
            return None
    finally:
        sdl.SDL_QuitSubSystem(_VIDEO)
    return mode.w, mode.h
