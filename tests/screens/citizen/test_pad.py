"""A number pad key by key: when each key is offered, what is answered, and what is forgotten when."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.maintenance.prompts import EnterPin, FindTicket
from kiosk.prompts.order import TypeOrderNumber
from screens.look.theme import Theme
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import STRIP


class Pad:
    """A pad on a stage, and its keys."""

    def __init__(self, gallery: Gallery, prompt: Any) -> None:
        self.gallery, self.prompt = gallery, prompt
        self.screen = gallery.lay_out(prompt, Theme(), "en", STRIP)

    def again(self) -> None:
        self.gallery.stage.draw(self.screen, self.prompt, self.screen.frame, STRIP)

    def key(self, name: str) -> Any:
        found = self.gallery.stage.find(name)
        assert found is not None
        return found

    def press(self, *names: str) -> None:
        for name in names:
            key = self.key(name)
            assert key.enabled, name
            act: Callable[[], object] = key.answer
            act()
            self.again()

    def type(self, digits: str) -> None:
        self.press(*(f"digit:{digit}" for digit in digits))

    def offered(self) -> tuple[bool, bool, bool]:
        """Return whether digits, delete and OK are offered."""
        digits = {self.key(f"digit:{digit}").enabled for digit in "0123456789"}
        assert len(digits) == 1
        return digits.pop(), self.key("delete").enabled, self.key("ok").enabled

    def shown(self) -> str:
        from screens.widgets.label import TextLabel

        return "".join(letter for letter in self.screen.part(TextLabel, "digits").text if letter in "0123456789•_")


@pytest.mark.parametrize(
    ("prompt", "shortest", "longest", "prefix"),
    [(TypeOrderNumber(), 10, 10, ""), (EnterPin(), 8, 10, ""), (FindTicket(("A", "B")), 4, 5, "B")],
)
def test_each_key_is_offered_while_it_does_anything(
    gallery: Gallery, prompt: Any, shortest: int, longest: int, prefix: str
) -> None:
    pad = Pad(gallery, prompt)
    if prefix:
        assert not pad.key("prefix:B").selected
        pad.press("prefix:B")
        assert [pad.key(f"prefix:{one}").selected for one in "AB"] == [False, True]
    digits = "4017263958"[:longest]
    for count, digit in enumerate(digits):
        assert pad.offered() == (True, count > 0, count >= shortest)
        assert pad.key("ok").answer == prefix + digits[:count]
        pad.type(digit)
    assert pad.offered() == (False, True, True)
    assert pad.key("ok").answer == prefix + digits
    pad.press("delete")
    assert pad.offered() == (True, True, longest - 1 >= shortest)
    assert pad.key("ok").answer == prefix + digits[:-1]


def test_a_number_stands_with_its_places_and_a_pin_with_no_more_than_it_needs(gallery: Gallery) -> None:
    pad = Pad(gallery, TypeOrderNumber())
    assert (pad.shown(), pad.screen.typed) == ("_" * 10, "")
    pad.type("401")
    assert (pad.shown(), pad.screen.typed) == ("401" + "_" * 7, "401")
    pin = Pad(gallery, EnterPin())
    assert pin.shown() == "_" * 8
    pin.type("12345")
    assert (pin.shown(), pin.screen.typed) == ("•" * 5 + "_" * 3, "")
    pin.type("6789")
    assert pin.shown() == "•" * 9


def test_digits_wait_for_the_end_of_a_visit_and_a_pin_for_nothing(gallery: Gallery) -> None:
    pad = Pad(gallery, TypeOrderNumber())
    pad.type("401")
    pad.screen.forget()
    pad.again()
    assert pad.screen.typed == "401", "an aside may lead back to it"
    pad.screen.resume()
    pad.again()
    assert (pad.screen.typed, pad.shown()) == ("", "_" * 10)
    pin = Pad(gallery, EnterPin())
    pin.type("1234")
    pin.screen.forget()
    pin.again()
    assert pin.shown() == "_" * 8
    find = Pad(gallery, FindTicket(("A", "B")))
    find.press("prefix:A")
    find.screen.resume()
    find.again()
    assert [find.key(f"prefix:{one}").selected for one in "AB"] == [False, False]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_keys_stand_as_on_a_telephone_in_every_language(gallery: Gallery, language: str) -> None:
    gallery.lay_out(TypeOrderNumber(), Theme(), language, STRIP)
    rows: dict[int, list[tuple[float, str]]] = {}
    for target in gallery.stage.targets:
        if target.name in ("delete", "ok") or target.name.startswith("digit:"):
            rows.setdefault(-round(target.y), []).append((target.x, target.name.removeprefix("digit:")))
    found = [[name for _, name in sorted(rows[y])] for y in sorted(rows)]
    assert found == [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], ["delete", "0", "ok"]]
