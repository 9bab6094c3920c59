"""The manager's slips of the pen."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.town.town import Town


async def opens_day(town: "Town", ahead: int) -> None:
    """Type a date that is so many days after today's, and find that it was wrong if it was."""
    manager = town.manager
    if manager.view is None:
        return
    today = town.date
    typed = date(today.year + 1, today.month, today.day) if ahead == 365 else today + timedelta(days=ahead)
    answer = await manager.wish("PUT", "/v1/day", {"open": typed.isoformat()}, f"opens {typed.isoformat()}")
    if answer is None or answer.status != 200:
        return
    town.ledger.reached["wrong-day-opened"] += 1
    if ahead == 1:  # for tomorrow: those who wait are sent home with today's papers
        town.sends_home()
        return
    for paper in town.ledger.waiting(town.day):  # his slip sent them home; who comes now is to be served
        paper.unsure = True
    await manager.wish("PUT", "/v1/day", {"open": today.isoformat()}, f"opens {today.isoformat()} in its place")


def nothing_but(town: "Town", first: str, last: str) -> list[str]:
    """Enter a range without gaps: of those between whom nobody called by voice nobody is judged.

    Who was called by a counter before, and waits for another one or outside, is none of them: the page says so.
    """
    for one in town.ledger.waiting(town.day):
        if first <= one.number <= last and not (one.is_special or one.absences):
            one.unsure = True
    town.ledger.reached["range-at-once"] += 1
    return []
