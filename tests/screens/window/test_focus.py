"""Where the keys are: what each means, the order of buttons, and the way round through them."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from screens.window.focus import Focus, Step, in_reading_order, key_name, voice_key, wakes_voice


@dataclass
class Button:
    """A button as far as the keys know it."""

    name: str
    x: float
    top: float
    right: float = 0.0
    height: float = 40.0
    enabled: bool = True
    focused: bool = False

    def __post_init__(self) -> None:
        self.right = self.x + 100

    def focus(self, is_on: bool) -> None:
        self.focused = is_on


def _row_of(*buttons: Button) -> Any:
    return cast("Any", list(buttons))


def _on(targets: Any) -> str:
    return ",".join(target.name for target in targets if target.focused)


def test_each_key_means_what_is_written_on_it() -> None:
    named = {code: key_name(code, []) for code in (9, 13, 271, 32, 273, 274, 275, 276, 27, 282)}
    assert named == {
        9: "tab", 13: "enter", 271: "enter", 32: "enter", 273: "up", 274: "down", 275: "right", 276: "left",
        27: None, 282: None,
    }  # fmt: skip
    assert (key_name(9, ["shift"]), key_name(13, ["shift"])) == ("shift-tab", "enter")
    assert [voice_key(code) for code in (270, 269, 267, 268, 9)] == ["louder", "quieter", "faster", "repeat", None]
    waking = [code for code in range(400) if wakes_voice(code, [])]
    assert waking == [9, 13, 32, *range(256, 272), 273, 274, 275, 276]
    assert wakes_voice(9, ["shift"])
    assert not wakes_voice(256, ["ctrl"])


@pytest.mark.parametrize(("rtl", "names"), [(False, "abcd"), (True, "cbad")])
def test_buttons_stand_in_one_row_where_their_tops_differ_by_less_than_half_their_height(rtl: bool, names: str) -> None:
    one_row = _row_of(Button("c", 400, 100), Button("a", 0, 100), Button("b", 200, 80.5), Button("d", 300, 60))
    assert "".join(target.name for target in in_reading_order(one_row, rtl)) == names
    assert in_reading_order([], rtl) == []
    below = _row_of(Button("a", 300, 80), Button("b", 0, 100))
    assert "".join(target.name for target in in_reading_order(below, False)) == "ba", "at half it is another row"


@pytest.mark.parametrize(
    ("rtl", "steps", "names"),
    [
        (False, ("tab", "tab", "tab", "tab"), "abca"),
        (False, ("down", "right", "left", "up"), "abaa"[:3] + "c"),
        (False, ("shift-tab", "shift-tab", "shift-tab", "shift-tab"), "cbac"),
        (True, ("tab", "left", "right", "right"), "cbca"),
        (True, ("up", "down", "left", "shift-tab"), "acbc"),
    ],
)
def test_keys_go_round_and_round(rtl: bool, steps: tuple[Step, ...], names: str) -> None:
    focus = Focus()
    targets = _row_of(Button("a", 0, 100), Button("b", 200, 100), Button("c", 400, 100))
    found = []
    for step in steps:
        focus.move(targets, step, rtl)
        found.append(_on(targets))
    assert "".join(found) == names


def test_the_ring_stays_with_its_button_until_that_is_gone_or_not_offered() -> None:
    focus = Focus()
    targets = _row_of(Button("a", 0, 100), Button("b", 200, 100))
    focus.show(targets)
    assert _on(targets) == "", "nowhere, until a key is used"
    focus.put(targets, "b")
    assert _on(targets) == "b"
    again = _row_of(Button("b", 0, 100), Button("a", 200, 100))
    focus.show(again)
    assert _on(again) == "b"
    again[0].enabled = False
    focus.show(again)
    assert _on(again) == ""
    again[0].enabled = True
    focus.show(again)
    assert _on(again) == "", "what was lost is not come back to"
    focus.put(targets, "a")
    focus.drop()
    focus.show(targets)
    assert _on(targets) == ""
    nameless = _row_of(Button("", 0, 100))
    focus.show(nameless)
    assert _on(nameless) == ""
