"""A bill's tile: paid here by telephone, or a number for the cashier; bills of no service are paid from help."""

import pytest

from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.payment import BillOrNumber, FindBill
from kiosk.prompts.state import HelpOffer, QuotaFull
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import AskForHelp, Back, Home
from tests.kit import payments as kit
from tests.kit.answering_rows import AnsweringRows
from tests.visits.lobby import Lobby


async def test_a_bills_tile_asks_whether_it_is_paid_here_or_at_the_cashier(lobby: Lobby, rows: AnsweringRows) -> None:
    await lobby.run((Start, TakeNumber("water-bill")), (BillOrNumber, "counter"), (TakeTicket, Done()))
    await lobby.run((Start, TakeNumber("electricity-bill")), (TakeTicket, Done()))
    assert [number[0] for number in lobby.numbers()] == ["C", "C"]
    await lobby.run(
        (Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (FindBill, Back()), (BillOrNumber, Home())
    )


async def test_a_bill_is_paid_though_its_counter_gives_no_more_numbers(lobby: Lobby, rows: AnsweringRows) -> None:
    lobby.place.overlay({"code": "water-bill", "daily_quota": 1})
    await lobby.run((Start, TakeNumber("water-bill")), (BillOrNumber, "counter"), (TakeTicket, Done()))
    await lobby.run((Start, TakeNumber("water-bill")), (BillOrNumber, "counter"), (QuotaFull, Done()))
    await lobby.run((Start, TakeNumber("water-bill")), (BillOrNumber, "phone"), (FindBill, Home()))


@pytest.mark.parametrize("service", [None, "gas-bill"])
async def test_a_bill_of_no_service_here_is_paid_from_help(
    lobby: Lobby, rows: AnsweringRows, service: str | None
) -> None:
    helped = (Start, AskForHelp()), (HelpOffer, "pay"), (FindBill, Home())
    kit.make_known(lobby.place.store, kit.setup_of([kit.WATER | {"service": service}]))
    await lobby.run((Start, TakeNumber("water-bill")), (TakeTicket, Done()))
    ui = await lobby.run(*helped)
    assert ui.last(HelpOffer).has_pay
    kit.make_known(lobby.place.store)
    ui = await lobby.run((Start, AskForHelp()), (HelpOffer, Home()))
    assert not ui.last(HelpOffer).has_pay
