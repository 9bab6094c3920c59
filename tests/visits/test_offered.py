"""A script goes only where somebody could go: what the screen doesn't offer fails it."""

from typing import Any

import pytest

from kiosk.prompts.choosing import (
    AboutServices,
    ChoosePriority,
    MoreServices,
    ServiceInfo,
    ShowService,
    Start,
    TakeNumber,
)
from kiosk.prompts.order import HoldCode, TypeOrderNumber
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Home
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

READS: tuple[Step, ...] = ((Start, "about"), (AboutServices, ShowService("clearance")))


@pytest.mark.parametrize(
    ("way", "asked", "touched"),
    [
        ((), Start, ShowService("water-bill")),
        ((), Start, TakeNumber("plan-copy")),
        ((), Start, "phone"),
        ((), Start, "announcement"),
        (((Start, "more"),), MoreServices, TakeNumber("water-bill")),
        (((Start, "about"),), AboutServices, ShowService("water-bill")),
        (READS, ServiceInfo, "another_day"),
        (((Start, "priority"),), ChoosePriority, "pregnant and old"),
        (((Start, "order"), (HoldCode, "type_number")), TypeOrderNumber, "999000111"),
        (((Start, TakeNumber("water-bill")),), TakeTicket, "reprint"),
    ],
)
async def test_what_no_screen_offers_ends_the_script(
    lobby: Lobby, way: tuple[Step, ...], asked: type[Any], touched: object
) -> None:
    lobby.place.overlay({"code": "clearance", "fee": {"amount_minor": 0}})
    await lobby.run(*way, (asked, Home()))
    with pytest.raises(pytest.fail.Exception, match=f"{asked.__name__} offers no"):
        await lobby.run(*way, (asked, touched))
