"""How a roll-out goes on: who is told next, by what those say who were told before. No database here."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

GROWTH: Final = 5
"""Each stage tells so many times as many as were told before."""


class Went(StrEnum):
    """How a kiosk stands towards the version of a roll-out."""

    UNTOLD = "untold"
    WAITING = "waiting"  # told, and hasn't said yet how it went, or has it on trial
    DONE = "done"
    FAILED = "failed"


class Standing(Struct, frozen=True):
    """One machine in service, and its name for people.

    `quiet`: it could not say now how it went; `leads`: counters of its hall call by it, or did when
    its centre was last heard.
    """

    kiosk: str
    centre: str
    went: Went
    quiet: bool = False
    why: str = ""
    name: str = ""
    leads: bool = False


class Step(Struct, frozen=True):
    """What to do now: tell these; or stop, and why; or nothing. `over`: every kiosk runs the version."""

    tell: list[str] = []
    stop: str | None = None
    over: bool = False


def went(report: dict[str, Any] | None, version: str, *, told: bool) -> tuple[Went, str]:
    """Judge by a kiosk's last report how it stands, and what it said of it."""
    report = report or {}
    found = report.get("update")
    update: dict[str, Any] = found if isinstance(found, dict) else {}
    if report.get("version") == version and update.get("trial") != version:
        return Went.DONE, ""
    if not told:
        return Went.UNTOLD, ""
    if update.get("version") == version and update.get("outcome") == "failed":
        return Went.FAILED, str(update.get("why", ""))[:300]
    return Went.WAITING, ""


def next_step(standings: Sequence[Standing], first: int, *, go_on: bool = False, one_a_centre: bool = False) -> Step:
    """Decide what is done now.

    Args:
        standings: every kiosk in service, or every hub.
        first: how many are told at the beginning.
        go_on: don't wait for those that were told and have not said how it went.
        one_a_centre: of each centre no more than one, and who leads last: a hall keeps a hub that serves.
    """
    failed = [one for one in standings if one.went is Went.FAILED]
    if failed:
        return Step(stop=f"{failed[0].name}: {failed[0].why or 'it failed'}")
    told = [one for one in standings if one.went in (Went.WAITING, Went.DONE)]
    untold = [one for one in standings if one.went is Went.UNTOLD]
    if not go_on and any(one.went is Went.WAITING for one in told):
        return Step()
    if not untold:
        return Step(over=all(one.went is Went.DONE for one in standings))
    if one_a_centre:  # one that is heard may install it at any moment
        at_it = {one.centre for one in told if one.went is Went.WAITING and not one.quiet}
        untold = [one for one in untold if one.centre not in at_it]
    # While few are told they must be such as can say how it goes; at the end the silent ones are told too.
    able = _spread([one for one in untold if not one.quiet])
    size = first if not told else len(told) * (GROWTH - 1)
    chosen = able[:size] if able else _spread(untold)
    if one_a_centre:
        chosen = [one for place, one in enumerate(chosen) if one.centre not in {of.centre for of in chosen[:place]}]
    return Step(tell=[one.kiosk for one in chosen])


def _spread(kiosks: list[Standing]) -> list[Standing]:
    """Order them so that the first ones stand in as many centres as can be."""
    seen: dict[str, int] = {}
    ranked = []
    for one in sorted(kiosks, key=lambda kiosk: (kiosk.leads, kiosk.kiosk)):
        ranked.append((seen.setdefault(one.centre, 0), one.centre, one))
        seen[one.centre] += 1
    return [one for _, _, one in sorted(ranked, key=lambda entry: entry[:2])]
