"""How many digits each screen with a number pad takes, and when it warns."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.prompts.earlier_paper import TypeTicketDigits
from kiosk.prompts.order import TypeOrderNumber
from kiosk.prompts.ticket import FindNumber
from screens.citizen.registry import find_number, type_digits, type_number, who_books

FRAME = cast("Any", SimpleNamespace(say=lambda text: text, tell=lambda text: text))


@pytest.mark.parametrize(
    ("entry", "prompt", "digits", "name"),
    [
        (find_number, FindNumber, 3, "find_number"),
        (type_digits, TypeTicketDigits, 8, "type_digits"),
    ],
)
def test_a_pad_takes_its_digits_no_more_and_no_fewer_and_warns_after_wrong_ones(
    entry: Any, prompt: Any, digits: int, name: str
) -> None:
    for wrong in (False, True):
        asked = entry(prompt(wrong=wrong), FRAME)
        assert (asked.shortest, asked.length, asked.covered) == (digits, digits, False)
        assert (asked.title, asked.warning) == (f"{name}.title", f"{name}.wrong" if wrong else "")
        assert (asked.delete, asked.ok) == ("type_number.delete", "type_number.ok")
    assert entry(prompt(), FRAME).warning == ""


def test_an_order_number_has_ten_digits_and_the_pad_sends_no_others() -> None:
    asked = type_number(TypeOrderNumber(), FRAME)
    assert (asked.shortest, asked.length, asked.covered, asked.warning) == (10, 10, False, "")


@pytest.mark.parametrize("digits", [4, 11])
def test_who_books_is_asked_for_as_many_digits_as_the_prompt_says(digits: int) -> None:
    asked = who_books(cast("Any", SimpleNamespace(title="title", length=digits)), FRAME)
    assert (asked.title, asked.shortest, asked.length, asked.warning) == ("title", digits, digits, "")
