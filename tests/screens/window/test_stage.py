"""What a finger does on the stage, from touch to answer: pressed, slid off, jumped, held, explored; and keys."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.prompts.ui import SetAccessible
from screens.look.theme import Theme
from screens.widgets.button import TouchButton
from screens.window.stage import DEAF_S, Stage
from screens.window.touch import STUCK_S
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

TILE, OTHER = "tile:water-bill", "tile:clearance"


class Panel:
    """A stage with a start screen, a hand's clock, and a note of all that it calls."""

    def __init__(self, gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stage: Stage = gallery.stage
        self.now = 1000.0
        self.called: list[str] = []
        self.follows = True
        gallery.lay_out(SAMPLES["voided"], Theme(), "ar", STRIP)
        gallery.lay_out(SAMPLES["start"], Theme(), "ar", STRIP)
        for part in (self.stage.gate, self.stage.corners, self.stage.fingers):
            monkeypatch.setattr(part, "now", self.clock)
        monkeypatch.setattr(self.stage, "_now", self.clock)
        monkeypatch.setattr(self.stage.gate, "since_last_look_s", lambda: 0.0)
        monkeypatch.setattr(self.stage, "_deaf", set())
        monkeypatch.setattr(self.stage, "on_target", self._on_target)
        for name in ("on_gesture", "on_two_fingers"):
            monkeypatch.setattr(self.stage, name, lambda name=name: self.called.append(name))
        monkeypatch.setattr(self.stage, "on_explored", lambda target: self.called.append(f"explored {target.name}"))
        self.stage.is_open = True

    def clock(self) -> float:
        return self.now

    def _on_target(self, target: TouchButton) -> bool:
        self.called.append(target.name)
        return self.follows

    def button(self, name: str = TILE) -> TouchButton:
        found = self.stage.find(name)
        assert found is not None
        return found

    def _touch(self, kind: str, x: float, y: float, uid: int) -> None:
        assert getattr(self.stage, f"on_touch_{kind}")(SimpleNamespace(uid=uid, x=x, y=y)) is True

    def on(self, kind: str, name: str = TILE, uid: int = 1) -> None:
        self._touch(kind, self.button(name).center_x, self.button(name).center_y, uid)

    def at(self, kind: str, x: float, y: float, uid: int = 1) -> None:
        self._touch(kind, x, y, uid)

    def tap(self, name: str = TILE, held_s: float = 0.1) -> None:
        self.on("down", name)
        self.now += held_s
        self.on("up", name)


@pytest.fixture
def panel(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Panel(gallery, monkeypatch)
    yield made
    made.stage.is_open = made.stage.explores = False
    for uid in range(1, 4):
        made.at("up", -1, -1, uid)
    for target in made.stage.targets:
        target.press(False)
        target.focus(False)


def test_a_button_is_pressed_at_once_and_answers_when_it_is_let_go(panel: Panel) -> None:
    panel.on("down")
    assert (panel.button().pressed, panel.called) == (True, [])
    panel.now += 0.1
    panel.on("up")
    assert (panel.button().pressed, panel.called) == (True, [TILE]), "it stays pressed until the next picture"
    panel.follows = False
    panel.tap(OTHER)
    assert (panel.button(OTHER).pressed, panel.called) == (False, [TILE, OTHER])


def test_nothing_answers_that_is_not_open_not_offered_or_too_short(panel: Panel) -> None:
    panel.stage.is_open = False
    panel.tap()
    panel.stage.is_open = True
    panel.tap(held_s=0.01)
    panel.button().enabled = False
    panel.tap()
    panel.button().enabled = True
    panel.at("down", 1, panel.stage.height / 2)
    panel.now += 0.1
    panel.on("up")
    assert (panel.called, panel.button().pressed) == ([], False)
    panel.on("down")
    panel.stage.is_open = False  # an answer came meanwhile: a code, or time ran out
    panel.now += 0.1
    panel.on("up")
    assert (panel.called, panel.button().pressed) == ([], False)


def test_a_finger_that_slides_off_means_nothing_and_one_that_comes_back_does(panel: Panel) -> None:
    button = panel.button()
    panel.on("down")
    panel.at("move", button.right + 20, button.center_y)
    assert not button.pressed
    panel.now += 0.1
    panel.at("up", button.right + 20, button.center_y)
    assert panel.called == []
    panel.at("down", button.right - 5, button.center_y)
    panel.at("move", button.right + 20, button.center_y)
    panel.at("move", button.right - 5, button.center_y)
    panel.now += 0.1
    panel.at("up", button.right - 5, button.center_y)
    assert (panel.called, button.pressed) == ([TILE], True)


def test_a_finger_that_jumps_and_a_second_finger_mean_nothing(panel: Panel) -> None:
    panel.on("down")
    panel.at("move", panel.button().center_x, panel.button().center_y + panel.stage.height)
    assert not panel.button().pressed
    panel.now += 0.1
    panel.on("up")
    assert panel.called == []
    panel.on("down")
    panel.on("down", OTHER, uid=2)
    assert not panel.button(OTHER).pressed
    panel.now += 0.1
    panel.on("up", OTHER, uid=2)
    panel.on("up")
    assert panel.called == [TILE]


def test_a_main_button_in_another_s_place_is_deaf_for_its_moment_alone(panel: Panel) -> None:
    panel.stage._deaf, panel.stage._deaf_until_s = {TILE}, panel.now + DEAF_S
    assert panel.stage.deaf_s(panel.button()) == pytest.approx(DEAF_S)
    assert panel.stage.deaf_s(panel.button(OTHER)) == 0.0
    panel.tap()
    assert panel.called == []
    panel.now += DEAF_S + 0.001
    assert panel.stage.deaf_s(panel.button()) == 0.0
    panel.tap()
    assert panel.called == [TILE]


def test_while_the_voice_speaks_a_first_touch_says_and_a_second_chooses(panel: Panel) -> None:
    panel.stage.explores = True
    panel.tap()
    assert (panel.called, panel.button().focused, panel.button().pressed) == ([f"explored {TILE}"], True, False)
    panel.tap(OTHER)
    assert (panel.button().focused, panel.button(OTHER).focused) == (False, True)
    panel.tap(OTHER)
    assert panel.called == [f"explored {TILE}", f"explored {OTHER}", OTHER]
    for answer, said in ((SetAccessible(True), ["explored accessible"]), (SetAccessible(False), ["accessible"])):
        panel.called.clear()
        panel.button("accessible").answer = answer
        panel.tap("accessible")
        assert panel.called == said, "the way back to usual letters is one touch"
        panel.button("accessible").focus(False)


def test_a_finger_that_stays_for_too_long_lets_its_button_go(panel: Panel) -> None:
    panel.on("down")
    panel.now += STUCK_S
    panel.stage.watch()
    assert panel.button().pressed
    panel.now += 0.1
    panel.stage.watch()
    assert not panel.button().pressed
    panel.on("up")
    assert panel.called == []


def test_two_fingers_held_call_the_voice_and_what_the_first_came_down_on_is_not_meant(panel: Panel) -> None:
    panel.on("down")
    panel.on("down", OTHER, uid=2)
    panel.now += 1.375
    panel.stage.watch()
    assert (panel.called, panel.button().pressed) == ([], True)
    panel.now += 0.125
    panel.stage.watch()
    panel.stage.watch()
    assert (panel.called, panel.button().pressed) == (["on_two_fingers"], False)
    panel.on("up")
    panel.on("up", OTHER, uid=2)
    assert panel.called == ["on_two_fingers"]
    panel.on("down")
    panel.on("down", OTHER, uid=2)
    panel.at("move", 0, 0, uid=2)  # it wandered
    panel.now += 2
    panel.stage.watch()
    panel.on("up", OTHER, uid=2)
    assert panel.called == ["on_two_fingers"]


def test_two_opposite_corners_held_lead_to_the_technician(panel: Panel) -> None:
    corners = panel.stage.corners
    inside, far_x, far_y = corners.corner_px - 1, corners.width_px - 1, corners.height_px - 1
    panel.at("down", inside, inside)
    panel.at("down", far_x, far_y, uid=2)
    panel.now += 2.875
    panel.stage.watch()
    assert panel.called == []
    panel.now += 0.125
    panel.stage.watch()
    panel.stage.watch()
    assert panel.called == ["on_gesture"]
    panel.at("up", inside, inside)
    panel.at("up", far_x, far_y, uid=2)
    panel.at("down", inside, inside)
    panel.at("down", far_x, far_y, uid=2)
    panel.now += 1
    panel.at("up", inside, inside)
    panel.now += 3
    panel.stage.watch()
    assert panel.called.count("on_gesture") == 1, "one was lifted too early"


def test_keys_move_and_choose_only_what_is_open(panel: Panel) -> None:
    key: Callable[[Any], bool] = panel.stage.key
    assert (key("enter"), panel.called) == (False, []), "nothing has the focus yet"
    panel.stage.is_open = False
    assert (key("tab"), panel.stage.focused) == (False, None)
    panel.stage.is_open = True
    assert key("tab")
    first = panel.stage.focused
    assert first is not None
    panel.follows = False
    assert (key("enter"), panel.called) == (True, [first.name])
    assert key("tab")
    assert key("shift-tab")
    assert panel.stage.focused is first
    for target in panel.stage.targets:
        target.enabled = False
    assert not key("tab")
    for target in panel.stage.targets:
        target.enabled = True
