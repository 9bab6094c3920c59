"""Kivy's settings for a locked-down panel. They count only before any other part of Kivy is imported.

F1 opens settings in a Kivy App: there is none here. Escape and Alt-F4 are dead. A touch has exactly one way in (see
screens.fingers): with two, every tap comes twice (kivy#1903). No module, no virtual keyboard, no configuration file.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from screens.look.theme import Theme
from screens.window.display_size import panel_px

_STYLES = "style.kv"


class DisplayError(RuntimeError):
    """No window can be opened here; the message says what was tried."""


def prepare(theme: Theme, home: Path, fullscreen: bool) -> None:
    """Set the environment and Kivy's configuration. `home` is a folder for Kivy; a temporary one serves as well."""
    if "kivy.core.window" in sys.modules:
        return
    try:
        (home / "mods").mkdir(parents=True, exist_ok=True)  # which Kivy makes at its start, or fails
        (home / _STYLES).touch()
    except OSError:
        home = Path(tempfile.mkdtemp(prefix="kiosk-kivy-"))  # on a full or read-only disk the screen still says so
        (home / _STYLES).touch()
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_HOME=str(home),
        KIVY_TEXT="pil",
        KIVY_WINDOW="sdl2",
        KIVY_IMAGE="pil",
        KIVY_METRICS_DENSITY="1",
        KIVY_DPI="96",
        SDL_TOUCH_MOUSE_EVENTS="0",  # fingers come as fingers (see `fingers`): as a mouse too they would come twice
        SDL_NO_SIGNAL_HANDLERS="1",  # it would swallow a SIGTERM that comes while the window opens
    )
    if fullscreen:
        # SDL would else draw where nobody looks ("offscreen") when the display turns it away, and say nothing.
        os.environ.setdefault("SDL_VIDEODRIVER", "x11,kmsdrm")
    from kivy.config import Config

    is_x11 = os.environ.get("SDL_VIDEODRIVER", "").startswith("x11")
    width_px, height_px = (panel_px() if fullscreen and is_x11 else None) or (theme.width_px, theme.height_px)
    settings = {
        "kivy": {
            "exit_on_escape": "0",
            "keyboard_mode": "",
            "desktop": "0",
            "pause_on_minimize": "0",
            "window_icon": "",
        },
        "graphics": {
            "width": str(width_px),
            "height": str(height_px),
            "maxfps": "40",
            "multisamples": "0",
            "resizable": "0",
            "allow_screensaver": "0",
            "fullscreen": "auto" if fullscreen else "0",
            "borderless": "1" if fullscreen else "0",
            "show_cursor": "0" if fullscreen else "1",
        },
    }
    for section, values in settings.items():
        for name, value in values.items():
            Config.set(section, name, value)
    for name, _ in list(Config.items("input")):
        Config.remove_option("input", name)
    Config.set("input", "mouse", "mouse,disable_multitouch")
    _load_without_styles(home)


def _load_without_styles(home: Path) -> None:
    """Load Kivy's rules without those of its own widgets: reading them takes an eighth of the start.

    All of ours are plain `Widget`s, for which it has no rule.
    """
    import kivy
    import kivy.resources

    own, kivy.kivy_data_dir = kivy.kivy_data_dir, str(home)
    try:
        import kivy.lang.builder  # which reads _STYLES of that folder
    finally:
        kivy.kivy_data_dir = own


def open_window() -> Any:
    """Open the window; raise DisplayError where there is neither a display nor SDL's offscreen driver."""
    from kivy.core.window import Window

    if Window is None:
        driver, display = (os.environ.get(name, "none") for name in ("SDL_VIDEODRIVER", "DISPLAY"))
        raise DisplayError(
            f"no window can be opened (SDL video driver: {driver}, display: {display}); does the display run, may this "
            "user read XAUTHORITY, are libegl1 and libgl1-mesa-dri installed?"
        )
    from screens.window.fingers import hand_fingers_on

    hand_fingers_on(Window)
    return Window
