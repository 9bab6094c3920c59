"""A bank's printed code as a payer: central asks nobody, so its books have one page, and nothing changes by asking."""

from typing import Any, cast

import pytest

from central.payments.payers.emv_static import EmvStatic
from central.payments.ports.errors import ByHand
from central.payments.ports.payer import Entries, Standing

BANK = cast("Any", object.__new__(EmvStatic))


@pytest.mark.parametrize("cursor", [None, "7"])
async def test_its_books_are_one_empty_page_after_which_nobody_asks_again(cursor: str | None) -> None:
    found = await BANK.changes(cursor)
    assert found == Entries((), cursor, more=False, unread=())


async def test_a_number_stays_open_and_money_goes_back_by_hand() -> None:
    assert await BANK.state("1") == Standing("open", None, None)
    with pytest.raises(ByHand):
        await BANK.refund("1", 100, "SYP", "k")
