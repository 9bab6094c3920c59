"""What the window's start leaves out, in a process of its own: what this one has loaded already tells nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from screens.window.kivy_setup import DisplayError, open_window
from screens.window.made_screens import MadeScreens
from tests.screens.pictures.gallery import Gallery

PROGRAM = """
import sys
from pathlib import Path
from screens.look.theme import Theme
from screens.window.kivy_setup import prepare
prepare(Theme(), Path(sys.argv[1]), False)
import kivy
from kivy.lang import Builder
from kivy.resources import resource_find
assert Builder.rules == [], Builder.rules
assert resource_find("data/glsl/default.vs"), "Kivy's own files are found as ever"
assert "kivy.uix.label" not in sys.modules
"""


def test_the_rules_of_kivys_own_widgets_are_not_read(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SETTINGS = """
import json, os, sys
from pathlib import Path
from screens.look.theme import Theme
from screens.window import kivy_setup
kivy_setup.panel_px = lambda: (1280, 800)
home, (wide, high) = Path(sys.argv[1]), (Theme().width_px, Theme().height_px)
(home / "file").touch()
def told(name, driver, fullscreen):
    os.environ.pop("SDL_VIDEODRIVER", None)
    if driver:
        os.environ["SDL_VIDEODRIVER"] = driver
    kivy_setup.prepare(Theme(), home / name, fullscreen)
    from kivy.config import Config
    graphics = dict(Config.items("graphics"))
    size = [int(graphics.pop(side)) for side in ("width", "height")]
    place = Path(os.environ["KIVY_HOME"])
    return {
        "size": "panel" if size == [1280, 800] else "theme" if size == [wide, high] else size,
        "graphics": [graphics[one] for one in ("fullscreen", "borderless", "show_cursor", "resizable", "multisamples")],
        "kivy": [Config.get("kivy", one) for one in ("exit_on_escape", "keyboard_mode", "desktop")],
        "input": Config.items("input"),
        "driver": os.environ.get("SDL_VIDEODRIVER"),
        "home": [place.name[:11], (place / "style.kv").is_file()],
    }
print(json.dumps([
    told("kivy", "", False), told("kivy", "", True), told("kivy", "kmsdrm", True), told("file", "offscreen", False),
]))
"""


def test_a_panel_has_no_cursor_border_or_key_out_of_it_and_one_way_in_for_a_touch(tmp_path: Path) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"}
    done = subprocess.run(
        [sys.executable, "-c", SETTINGS, str(tmp_path)], capture_output=True, text=True, check=False, env=surroundings
    )
    assert done.returncode == 0, done.stderr
    window = {
        "size": "theme", "graphics": ["0", "0", "1", "0", "0"], "kivy": ["0", "", "0"],
        "input": [["mouse", "mouse,disable_multitouch"]], "driver": None, "home": ["kivy", True],
    }  # fmt: skip
    panel = window | {"graphics": ["auto", "1", "0", "0", "0"]}
    assert json.loads(done.stdout) == [
        window,
        panel | {"size": "panel", "driver": "x11,kmsdrm"},
        panel | {"driver": "kmsdrm"},
        window | {"driver": "offscreen", "home": ["kiosk-kivy-", True]},  # where nothing can be made, elsewhere
    ]


def test_without_a_display_it_says_what_was_tried(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    del gallery
    monkeypatch.setattr("kivy.core.window.Window", None)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(
        DisplayError, match=r"^no window can be opened \(SDL video driver: x11, display: none\); does the"
    ):
        open_window()


def test_fingers_are_handed_on_once_and_all_else_is_as_it_was(gallery: Gallery) -> None:
    del gallery
    from kivy.core.window.window_sdl2 import SDL2MotionEventProvider as Provider

    from screens.window.fingers import hand_fingers_on

    told = [("fingerdown", 1), ("mousemotion", 2), None, False, ("fingerup", 3)]
    storage, window = mock.Mock(width=7), mock.Mock()
    storage.poll.side_effect, window._win = told, storage
    hand_fingers_on(window)
    hand_fingers_on(window)
    before = list(Provider.q)
    assert [window._win.poll() for _ in told] == told
    assert list(Provider.q) == [told[4], told[0], *before]
    Provider.q.clear()
    assert (window._win.width, window._win._storage) == (7, storage)


def test_a_screen_is_made_once_emptied_between_visits_and_walked_through_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    did: list[str] = []
    for name in ("freeze", "collect"):
        monkeypatch.setattr(f"gc.{name}", lambda name=name: did.append(name))
    registry: dict[type, Any] = {int: mock.Mock(side_effect=mock.Mock), str: mock.Mock(side_effect=mock.Mock)}
    made = MadeScreens(registry)
    shown: list[Any] = [1, 2, "a"]
    first, again = (made.of(one) for one in shown[:2])
    assert (first is again, registry[int].call_count) == (True, 1)
    made.collect()
    made.collect()
    other: Any = made.of(shown[2])
    made.collect()
    assert did == ["freeze", "collect", "collect", "freeze", "collect"]
    made.forget()
    assert [one.mock_calls for one in (first, other)] == [[mock.call.forget(), mock.call.resume()]] * 2
