"""Promises 1 and 2: a number that somebody was given is on its kiosk's disk, and one touch gave one number."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from common.machine.errors import StoreError
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.answers import Issued, Refused
from tests.town.ledger import Paper
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.kiosk import TownKiosk
    from tests.town.town import Town

TAPS_AGAIN_S: Final = (0.0, 0.3, 2.0)


async def taps_again(town: "Town", kiosk: "TownKiosk", paper: Paper, issue: Callable[[], Issued | Refused]) -> None:
    """Have somebody touch the service again and again before the screen changes: all of it is one touch."""
    town.ledger.reached["tapped-again"] += 1
    for seconds in TAPS_AGAIN_S:
        await asyncio.sleep(seconds)
        try:
            again = await kiosk.on_it(blocking(issue))
        except StoreError:
            return
        if kiosk.is_dying or isinstance(again, Refused):
            return
        if again.id != paper.id:
            said = f"{kiosk.name} gives {paper} and {again.number} for it"
            town.ledger.accuse(2, paper.number, said, "its owner has touched one service, once", [paper])


def judge(town: "Town") -> None:
    """Show every paper of the day to the kiosk that gave it: whatever has befallen that, it knows the number."""
    for kiosk in town.kiosks:
        if not kiosk.is_up or kiosk.is_dying or town.outside.was_damaged(kiosk.name):
            continue
        own = [one for one in town.ledger.papers.values() if one.place == kiosk.name and one.day == town.day]
        for paper in own:
            if kiosk.desk.ticket_shown(TicketClaim("carried", id=paper.id)) is None:
                said = f"shown to {kiosk.name}, which knows no such number"
                town.ledger.accuse(1, paper.number, said, "this very kiosk has given it today", [paper])
        town.ledger.reached["shown-after-a-cut"] += bool(own) and kiosk.since_s > min(one.given_s for one in own)
