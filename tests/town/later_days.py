"""Promise 16: who was sent home without being served comes on a later day, and is among the first there."""

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any, Final

from kiosk.desk.answers import Refusal, Refused
from tests.town import judging
from tests.town.citizen import arrives
from tests.town.ledger import Paper

if TYPE_CHECKING:
    from tests.town.town import Town

COUNTS_FOR_DAYS: Final = 3
WAITED_S: Final = 3 * 3600.0
JUDGED_AFTER_S: Final = 75.0
MOST: Final = 14


def go_home(town: "Town", *, is_early: bool) -> None:
    """Send home who waits. Who had waited for hours, or was sent before the time, was told that his place is kept."""
    for paper in town.ledger.waiting(town.day):
        waited_s = town.loop.time() - paper.given_s
        stands = paper.service in town.standing.since
        paper.is_kept = not paper.absences and (is_early or stands or waited_s > WAITED_S)
        paper.state = "home"


def come(town: "Town") -> None:
    """Have those come who have papers of earlier days, each on the day on which he chose to."""
    chosen = [one for one in town.ledger.papers.values() if _comes_today(town, one)][:MOST]
    for number, paper in enumerate(chosen):
        town.ledger.reached["paper-of-yesterday"] += 1
        town.ledger.reached["paper-of-the-third-day"] += town.day - paper.day >= COUNTS_FOR_DAYS
        act = {"person": 500 + number, "kiosk": 1, "service": paper.service, "priority": paper.priority}
        late_s = 240 * _dice(town, "late", paper) if "comes-later" in town.rare else 0.0
        town.later(_comes(town, act | {"person": 1000 * town.day + 500 + number}, paper, 5.0 + number * 4 + late_s))


def _comes_today(town: "Town", paper: Paper) -> bool:
    if paper.state != "home" or not paper.is_kept or paper.unsure or paper.earlier is not None:
        return False
    if paper.service in town.standing.since:  # he reads that his service stands still, and stays at home
        return False
    still = town.standing.still_days.get(paper.service, set())
    worked = [day for day in range(paper.day + 1, town.day + 1) if day not in still]
    wanted = 1 + int(_dice(town, "comes", paper) * COUNTS_FOR_DAYS) if "comes-later" in town.rare else 1
    return len(worked) == wanted


def _dice(town: "Town", what: str, paper: Paper) -> float:
    return Random(f"{town.plan.seed} {what} {paper.number} {paper.day}").random()


async def _comes(town: "Town", act: dict[str, Any], paper: Paper, seconds: float) -> None:
    await asyncio.sleep(seconds)
    answer = await arrives(town, act, paper)
    if isinstance(answer, Refused):
        if answer.reason is Refusal.QUOTA_FULL:
            said = f"its owner comes with it on day {town.day + 1}: {answer.sentence}"
            town.ledger.accuse(16, f"{paper.number} of day {paper.day + 1}", said, "his place was to be kept", [paper])
        return
    if answer is None:
        return
    await asyncio.sleep(JUDGED_AFTER_S)
    kiosk = next(one for one in town.kiosks if one.name == answer.place)
    if not kiosk.is_up or kiosk.is_dying or answer.unsure or not town.ledger.is_calm(judging.HEALED_S):
        return
    found = kiosk.news.judged(answer.id)
    if found is not None and found.word != "good":
        said = f"shown on day {town.day + 1} for {answer}: {found.word}"
        was = f"its owner was sent home on day {paper.day + 1}, unserved"
        town.ledger.accuse(16, f"{paper.number} of day {paper.day + 1}", said, was, [paper, answer])
