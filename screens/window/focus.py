"""Which button the keys are on: through all that can be touched, in reading order, kept while a screen is redrawn."""

from typing import Literal

from screens.widgets.button import TouchButton

Step = Literal["tab", "shift-tab", "up", "down", "left", "right"]
Voice = Literal["louder", "quieter", "faster", "repeat"]
_KEYS: dict[int, Step | Literal["enter"]] = {
    9: "tab", 13: "enter", 271: "enter", 32: "enter", 273: "up", 274: "down", 275: "right", 276: "left",
}  # fmt: skip
"""The keys that do anything, by their SDL codes; every other key is dead."""
_VOICE: dict[int, Voice] = {270: "louder", 269: "quieter", 267: "faster", 268: "repeat"}
"""The keys + - / * of a number pad, while it speaks."""
_PAD = range(256, 272)
"""All keys of a number pad, by their SDL codes."""
_SAME_ROW = 0.5
"""Buttons whose tops differ by less than this share of the lower one's height stand in one row."""


def key_name(code: int, modifiers: list[str]) -> Step | Literal["enter"] | None:
    """Return what a key means, or None: it means nothing."""
    if {"alt", "ctrl", "meta"} & set(modifiers):
        return None
    name = _KEYS.get(code)
    return "shift-tab" if name == "tab" and "shift" in modifiers else name


def voice_key(code: int) -> Voice | None:
    """Return what a key of the number pad means to the voice."""
    return _VOICE.get(code)


def wakes_voice(code: int, modifiers: list[str]) -> bool:
    """Return whether a key is one that somebody uses who can't see the screen: one that means anything, or a pad's."""
    return key_name(code, modifiers) is not None or (code in _PAD and not {"alt", "ctrl", "meta"} & set(modifiers))


def in_reading_order(targets: list[TouchButton], rtl: bool) -> list[TouchButton]:
    """Return buttons row by row from the top, each row from the side where reading starts."""
    rows: list[list[TouchButton]] = []
    for target in sorted(targets, key=lambda one: -one.top):
        if rows and rows[-1][0].top - target.top < _SAME_ROW * target.height:
            rows[-1].append(target)
        else:
            rows.append([target])
    return [one for row in rows for one in sorted(row, key=lambda one: -one.right if rtl else one.x)]


class Focus:
    """Where the keys are; nowhere until the first of them is used."""

    def __init__(self) -> None:
        self._name = ""

    def move(self, targets: list[TouchButton], step: Step, rtl: bool) -> None:
        """Go on to the next button or back to the one before, round and round; `targets` are those enabled."""
        order = in_reading_order(targets, rtl)
        on = step in ("tab", "down") or step == ("left" if rtl else "right")
        names = [target.name for target in order]
        if self._name in names:
            place = (names.index(self._name) + (1 if on else -1)) % len(order)
        else:
            place = 0 if on else len(order) - 1
        self._name = names[place]
        self.show(targets)

    def show(self, targets: list[TouchButton]) -> None:
        """Draw the ring where the keys are, after a screen was drawn again."""
        if self._name not in {target.name for target in targets if target.enabled}:
            self._name = ""
        for target in targets:
            target.focus(target.enabled and target.name == self._name != "")

    def put(self, targets: list[TouchButton], name: str) -> None:
        """Go to the button that a finger is on."""
        self._name = name
        self.show(targets)

    def drop(self) -> None:
        """Be nowhere: another screen is shown."""
        self._name = ""
