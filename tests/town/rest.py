"""The town at rest: a minute after the last rush everybody is asked what he says of each number."""

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.town import folds, judging, kept, roll, standing
from tests.town.central import ADDRESS
from tests.town.citizen import shows_again
from tests.town.net import Unheard
from tests.town.pace import PACE

if TYPE_CHECKING:
    from tests.town.town import Town

RESTS_S: Final = 60.0


async def at_rest(town: "Town") -> None:
    """A minute after the last rush ask everybody what he says of each number."""
    PACE.busy()
    await asyncio.sleep(RESTS_S)
    PACE.quiet()
    kept.judge(town)
    folds.judge(town)
    roll.judge(town)
    if not town.ledger.is_calm(judging.HEALED_S):
        return
    town.ledger.reached["at-rest"] += 1
    for kiosk in town.kiosks:
        if kiosk.is_up and not kiosk.is_dying:
            town.print_list(kiosk, promise=20)
            shows_again(town, kiosk)
    await standing.at_rest(town)
    await _compare_boards(town)
    await _look_at_phones(town)


async def _look_at_phones(town: "Town") -> None:
    """Open the page of every number of the day on a phone, where central has heard the centre for long."""
    hubs = [one for one in town.hubs if one.is_up and not town.net.are_connected(one.name, "central")]
    if hubs or town.loop.time() - town.central_hears_s < judging.HEALED_S:
        return
    for paper in [one for one in town.ledger.papers.values() if one.day == town.day and one.token]:
        try:
            answer = await town.net.ask("GET", f"{ADDRESS}/t/{paper.token}?lang=en", {})
        except Unheard:
            continue  # the page is opened again some day
        found = re.search(rb'<body data-state="([^"]*)"', answer.body)
        if answer.status == 200 and found is not None:
            judging.phoned(town.ledger, paper, found[1].decode())


async def _compare_boards(town: "Town") -> None:
    views = await views_of_hubs(town)
    names = [one for one in views if all(one == other or town.net.are_connected(one, other) for other in views)]
    judging.boards(town.ledger, {one: views[one] for one in names})


async def views_of_hubs(town: "Town") -> dict[str, dict[str, Any]]:
    """Return what a board at each hub that can be heard would show."""
    views = {}
    for hub in town.hubs:
        if hub.is_up:
            try:
                answer = await town.net.ask("GET", f"{hub.address}/v1/state", {}, patience_s=5.0)
            except Unheard:
                continue
            if answer.status == 200:
                views[hub.name] = json.loads(answer.body)
    return views
