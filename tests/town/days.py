"""Days of a town: people come in three rushes, all is asked at rest, and everybody goes home."""

from typing import TYPE_CHECKING, Any, Final

from tests.town import judging, later_days, memory, misfortune, rest, strikes
from tests.town.citizen import arrives
from tests.town.clerk import works
from tests.town.hours import DAY_S, ENDS_S, PHASE_S, PHASES_S
from tests.town.pace import PACE

if TYPE_CHECKING:
    from tests.town.town import Town

BEFORE_S: Final = 45.0
AROUND_S: Final = 600.0


async def pass_all(town: "Town") -> None:
    """Let all days pass."""
    strikes.quality(town)
    for act in town.plan.acts:
        town.later(_at(town, act))
    for clerk in town.clerks:
        town.later(works(clerk))
    town.later(town.manager.works())
    town.later(_watch_kiosks(town))
    for day in range(town.plan.world["days"]):
        await _one_day(town, day)


async def _at(town: "Town", act: dict[str, Any]) -> None:
    await town.until(act["at"])
    if act["do"] == "arrive":
        await arrives(town, act)
    elif not await town.outside.befall(act):
        town.ledger.faults[act["do"]] += 1
        await misfortune.befall(town, act)


async def _one_day(town: "Town", day: int) -> None:
    begins = day * DAY_S
    await town.until(begins)
    town.day = day
    town.was_closed_early, town.is_closed_early = town.is_closed_early, False
    PACE.quiet()
    if day == 1 and town.plan.world["internet"] == "the first day":
        strikes.no_internet(town)
    if day > 0 and town.ledger.is_calm(judging.HEALED_S):
        for view in (await rest.views_of_hubs(town)).values():
            judging.still_open(town.ledger, view)
    for machine in town.machines.values():
        if not machine.is_up and not strikes.is_struck(town, machine.name):
            await machine.start(boots=True)
    town.manager.is_at_work = True
    for clerk in town.clerks:
        clerk.is_at_work = clerk.is_at_lunch = False
    for number, phase in enumerate(PHASES_S):
        await _phase(town, begins + phase, is_first=number == 0)
    await rest.at_rest(town)
    await town.outside.at_rest()
    await _go_home(town, begins)


async def _phase(town: "Town", at_s: float, *, is_first: bool) -> None:
    await town.until(at_s - BEFORE_S)
    if not (is_first or _brings_something(town, at_s) or town.ledger.waiting(town.day)):
        return
    PACE.busy()
    for page in (town.board, *(clerk.page for clerk in town.clerks)):
        page.wakes()
    town.is_busy, town.busy_since = True, town.loop.time()
    for clerk in town.clerks:
        clerk.is_at_work = True
    if is_first and town.day > 0:
        later_days.come(town)
    await town.until(at_s + town.plan.world.get("rush", PHASE_S))
    town.is_busy = False
    PACE.quiet()


def _brings_something(town: "Town", at_s: float) -> bool:
    """Whether anybody comes, or anything happens, about this rush: plans that were made smaller have few left."""
    until_s = at_s + town.plan.world.get("rush", PHASE_S) + BEFORE_S
    return any(at_s - BEFORE_S - AROUND_S <= act["at"] <= until_s + AROUND_S for act in town.plan.acts)


async def _go_home(town: "Town", begins: float) -> None:
    await town.until(begins + ENDS_S - 300)
    for clerk in town.clerks:
        forgets = "forget-close" in town.acts and clerk.dice("forgets", str(town.day)) < 0.5
        clerk.is_at_work = False
        page = clerk.page
        if (
            not forgets
            and page.view is not None
            and town.pcs[clerk.number].is_up
            and not page.view["counter"]["ticket"]
        ):
            clerk.press("close")
    await town.until(begins + ENDS_S + 600)
    await town.outside.at_the_end()
    town.manager.is_at_work = False
    later_days.go_home(town, is_early=False)
    town.standing.ends_day(town.day, begins)
    PACE.night()
    if town.day + 1 < town.plan.world["days"]:
        memory.collect()
    for pc in [*town.pcs.values(), town.pc_of_board, town.pc_of_manager]:
        await pc.stop(power=True)
    if "off-at-night" in town.acts:
        for machine in [*town.hubs, *town.kiosks]:
            await machine.stop(power=True)


async def _watch_kiosks(town: "Town") -> None:
    while True:
        await PACE.sleep(8.0 if town.is_busy else PACE.step_s)
        for kiosk in town.kiosks:
            word = kiosk.news.word() if kiosk.is_up and not kiosk.is_dying else None
            if word is not None:
                town.kiosk_heard_s[kiosk.name], town.kiosk_hears[kiosk.name] = town.loop.time(), word.hub
