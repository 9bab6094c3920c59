"""How many copies of a document may be ordered, and that one is the plain choice."""

from types import SimpleNamespace
from typing import Any, cast

from kiosk.prompts.order import ChooseCopies
from screens.citizen.order import choose_copies

FRAME = cast("Any", SimpleNamespace(say=lambda text, n=0: f"{text} {n}", words=lambda names: names["en"]))


def test_one_to_four_copies_are_offered_and_one_stands_out() -> None:
    asked = choose_copies(ChooseCopies({"ar": "قيد", "en": "Extract"}), FRAME)
    offered = [(one.name, one.text, one.answer, one.kind) for one in asked.actions]
    assert offered == [(f"copies:{n}", f"copies.count {n}", n, "main" if n == 1 else "plain") for n in (1, 2, 3, 4)]
    assert asked.lines == ("Extract",)
