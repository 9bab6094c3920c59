"""Choosing one of many, a few at a time, and typing several numbers: forth, back, and out of the first."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.protocol.payments.setup import BillField
from kiosk.flows.booking import another_day
from kiosk.flows.ended import WentBack
from kiosk.flows.payments import asked, bill
from kiosk.prompts.booking import ChooseSeat
from kiosk.prompts.payment import ChooseOne, Picked, TypeBillNumber
from kiosk.prompts.ui import Text

BACK, LATER = WentBack(), another_day.LATER
NAMES = {f"c{n}": {"ar": f"{n}", "en": f"{n}"} for n in range(9)}


class Person:
    """Somebody who answers as a test says; `asked` is what was shown."""

    def __init__(self, *answers: Any) -> None:
        self.asked: list[Any] = []
        said = iter(answers)

        async def ask(prompt: Any) -> Any:
            self.asked.append(prompt)
            answer = next(said)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.ctx = cast("Any", SimpleNamespace(ui=SimpleNamespace(ask=ask)))


def seats(first: int, last: int, *, has_later: bool) -> ChooseSeat:
    return ChooseSeat("time", {}, tuple((f"t{n}", Text("x")) for n in range(first, last)), None, has_later)


async def test_times_are_shown_four_at_a_time_and_back_leads_to_the_four_before() -> None:
    person = Person(LATER, LATER, BACK, LATER, "t8")
    whole = seats(0, 9, has_later=False)
    assert await another_day._choose_one(person.ctx, whole) == "t8"
    first, second, third = seats(0, 4, has_later=True), seats(4, 8, has_later=True), seats(8, 9, has_later=False)
    assert person.asked == [first, second, third, second, third]
    person = Person(LATER, BACK, BACK)
    with pytest.raises(WentBack):
        await another_day._choose_one(person.ctx, seats(0, 8, has_later=False))
    last = seats(4, 8, has_later=False)
    assert person.asked == [first, last, first], "of eight there is nothing behind the second four"


def names(first: int, last: int, *, has_more: bool) -> ChooseOne:
    return ChooseOne("payer", tuple(NAMES.items())[first:last], has_more=has_more)


async def test_billers_and_payers_are_shown_four_at_a_time() -> None:
    person = Person("more", "more", BACK, "more", Picked("c8"))
    assert await asked.choose_one(person.ctx, "payer", NAMES) == "c8"
    first, second, third = names(0, 4, has_more=True), names(4, 8, has_more=True), names(8, 9, has_more=False)
    assert person.asked == [first, second, third, second, third]
    with pytest.raises(WentBack):
        await asked.choose_one(Person("more", BACK, BACK).ctx, "payer", NAMES)
    assert await asked.choose_one(Person("counter").ctx, "payer", NAMES) is None


async def test_each_number_that_is_not_known_is_typed_until_it_fits_and_back_leads_to_the_one_before() -> None:
    patterns = {"a": "[0-9]{3}", "b": "[0-9]{2,4}", "c": "[0-9]{1}"}
    fields = [BillField(name, pattern, NAMES["c1"]) for name, pattern in patterns.items()]
    biller = cast("Any", SimpleNamespace(fields=fields))
    person = Person("12", "123", BACK, "456", "7", "78901", "7890")
    assert await bill._typed(person.ctx, biller, {"c": "5"}) == {"a": "456", "b": "7890", "c": "5"}
    three, four = TypeBillNumber(NAMES["c1"], 3, 3), TypeBillNumber(NAMES["c1"], 4, 2)
    wrong = TypeBillNumber(NAMES["c1"], 3, 3, True), TypeBillNumber(NAMES["c1"], 4, 2, True)
    assert person.asked == [three, wrong[0], four, three, four, wrong[1], wrong[1]]
    with pytest.raises(WentBack):
        await bill._typed(Person("123", BACK, BACK).ctx, biller, {})
    assert await bill._typed(Person().ctx, biller, {"a": "1", "b": "2", "c": "3"}) == {"a": "1", "b": "2", "c": "3"}
