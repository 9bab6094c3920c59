"""What a cashier reads of a number: a receipt where it is entered, and none of what is not or went back."""

from typing import Any

import pytest

from central.offices.operators import Operator
from central.offices.payments import look_up
from tests.central.payments.flow.conftest import Till, till

__all__ = ["till"]


@pytest.mark.parametrize(
    ("state", "receipt"),
    [
        ("marked", "R-9"), ("told", "R-9"), ("opened", None), ("paid", None), ("refund-due", None), ("refunded", None),
    ],
)  # fmt: skip
async def test_a_receipt_is_named_of_what_is_entered_alone(till: Till, state: str, receipt: str | None) -> None:
    await till.put(state=state, receipt="R-9", paid_amount=12_500)
    async with till.engine.connect() as connection:
        found: list[Any] = await look_up(connection, Operator("Samir", "cashier"), "B1", "en", {})
        nothing = await look_up(connection, Operator("Samir", "cashier"), "B2", "en", {})
    assert [(one.payment, one.state, one.bill_no, one.receipt) for one in found] == [("p1", state, "B1", receipt)]
    assert nothing == []
