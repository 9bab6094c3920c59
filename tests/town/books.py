"""What central has of a day when all is delivered, against the papers in people's hands: promises 2, 4 and 5."""

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.town.central import CENTRE
from tests.town.ledger import Paper

if TYPE_CHECKING:
    from tests.town.town import Town

ASKS_EVERY_S: Final = 120.0
MOST_TIMES: Final = 25
TAKEN_WORDS: Final = ("Paid or free", "To be paid at the cashier")


async def compare(town: "Town") -> None:
    """Compare what machines gave that have heard central for long; what is on its way is waited for."""
    for _ in range(MOST_TIMES):
        await asyncio.sleep(ASKS_EVERY_S)
        sound = _sound(town)
        if town.central.is_up and not await _missing(town, sound) and await _counted(town) >= _taken(town, sound):
            break
    if not town.central.is_up:
        return
    sound = _sound(town)
    town.ledger.reached["books-compared"] += bool(sound)
    for paper in await _missing(town, sound):
        said = f"{paper.place} gave it, and has long heard central since"
        town.ledger.accuse(4, paper.number, said, "central knows no such visit", [paper])
    await _none_twice(town)
    await _orders(town)


def _sound(town: "Town") -> list[str]:
    """Return the places whose numbers central must have by now."""

    def is_sound(name: str) -> bool:
        return town.outside.is_whole(name) and not town.outside.was_damaged(name)

    sound = [one.name for one in town.kiosks if is_sound(one.name)]
    if all(is_sound(one.name) for one in town.hubs):
        sound += [f"counter {number + 1}" for number in range(len(town.plan.world["counters"]))]
    return sound


async def _visits(town: "Town") -> Counter[str]:
    """Return how often central has each visit of the days that are on today's papers."""
    found: Counter[str] = Counter()
    for label in sorted({one.label for one in town.ledger.papers.values() if one.day == town.day}):
        visits = await town.outside.console.says("visits", "--centre", CENTRE, "--day", label)
        found.update(one["ticket"] for one in visits)
    return found


async def _missing(town: "Town", sound: list[str]) -> list[Paper]:
    found = await _visits(town)
    papers = [one for one in town.ledger.papers.values() if one.day == town.day and one.place in sound]
    return [one for one in papers if not found[one.id]]


async def _none_twice(town: "Town") -> None:
    """Promise 5: what was sent again after a lost answer is one visit, and one item of all that central has applied."""
    for ticket, times in (await _visits(town)).items():
        paper = town.ledger.papers.get(ticket)
        if times > 1 and paper is not None:
            said = f"{paper.place} gave it once"
            town.ledger.accuse(5, paper.number, said, f"central counts {times} visits", [paper])
    applied = Counter((one["kiosk"], one["id"]) for one in await town.outside.console.says("inbox"))
    for (kiosk, item), times in applied.items():
        if times > 1:
            town.ledger.accuse(5, f"item {item} of {kiosk}", "one id is one item", f"central lists it {times} times")


def _taken(town: "Town", sound: list[str]) -> int:
    """Return how many orders these kiosks have taken."""
    return sum(len(one.accepted.keys() & set(sound)) for one in town.outside.app.orders.values())


async def _counted(town: "Town") -> int:
    """Return how many orders the month's report counts, in the file of it that programs read."""
    file = town.outside.console.file("report.json")
    asked = ("--month", town.label[:7], "--centre", CENTRE, "--language", "en", "--out", str(file))
    await town.outside.console.says("report", *asked)
    sheets = {one["key"]: one["rows"] for one in json.loads(file.read_bytes())["sheets"]}
    return sum(number for word, number in sheets["orders"] if word in TAKEN_WORDS)


async def _orders(town: "Town") -> None:
    """Each order that a kiosk has taken is one in the month's report."""
    has_right_clocks = all(battery == "right" for battery in town.plan.world["batteries"].values())
    are_whole = {one.name for one in town.kiosks} <= set(_sound(town))
    if not (town.outside.has_orders and has_right_clocks and are_whole):
        return  # what a wrong clock dates counts in another month
    orders = list(town.outside.app.orders.values())
    sound = [one.name for one in town.kiosks]
    taken, unsure, counted = _taken(town, sound), sum(len(one.unsure) for one in orders), await _counted(town)
    town.ledger.reached["orders-compared"] += 1
    if not taken <= counted <= taken + unsure:
        came = [one for one in await town.outside.console.says("inbox") if one["kind"] == "order"]
        # More records than were taken are the kiosks'; the same ones counted more often are central's.
        promise = 4 if counted < taken else 2 if len(came) >= counted else 5
        said = f"{counted} orders in the month's report"
        town.ledger.accuse(promise, "the month's report", said, f"kiosks have taken {taken}", orders)
