"""Promises 10 and 13 where the age of a number alone does not say whose turn it is."""

from typing import TYPE_CHECKING, Final

from tests.town.ledger import Paper

if TYPE_CHECKING:
    from tests.town.clerk import Clerk
    from tests.town.town import Town

HELPS_AFTER_S: Final = 900.0
LATE_S: Final = 60.0
FIRST: Final = 2
MANY: Final = 5


def judge(town: "Town", clerk: "Clerk", paper: Paper, pressed_s: float) -> None:
    """Judge a call that a clerk's `next` was answered with."""
    _of_an_earlier_day(town, clerk, paper)
    _after_a_lost_page(town, clerk, paper)
    _of_another_queue(town, clerk, paper)
    _by_a_late_press(town, clerk, paper, pressed_s)


def may_have_called(town: "Town", clerk: "Clerk") -> None:
    """Know that a counter may have called somebody of whom no clerk was told: nobody is judged who came first then."""
    waiting = [one for one in town.ledger.waiting(town.day) if _may_be_called(one, clerk)]
    first: dict[str, int] = {}
    for one in waiting:
        is_plain = not (one.is_special or one.absences or one.only_counter) and one.priority == "none"
        first[one.queue] = first.get(one.queue, 0) + is_plain
        if not is_plain or first[one.queue] <= FIRST:
            one.unsure = True


def _may_be_called(paper: Paper, clerk: "Clerk") -> bool:
    return paper.only_counter == clerk.number or (paper.only_counter is None and paper.queue in clerk.groups)


def _of_an_earlier_day(town: "Town", clerk: "Clerk", paper: Paper) -> None:
    if paper.day < town.day and paper.state == "home" and not paper.unsure:
        was = "it is of an earlier day, and its owner went home"
        town.ledger.accuse(13, paper.number, f"called to counter {clerk.number}", was, [paper])


def _after_a_lost_page(town: "Town", clerk: "Clerk", paper: Paper) -> None:
    """Judge how many are called again after a page of a disk was lost: it held a few of them, not all."""
    if not paper.is_doubted or paper.unsure or paper.asked or paper.state != "ended":
        return
    paper.passed_by.add("again")
    again = [one for one in town.ledger.papers.values() if "again" in one.passed_by]
    if len(again) >= MANY:
        said = f"called to counter {clerk.number}, and before it {', '.join(map(str, again[:-1]))}"
        was = "served and gone: one page of a disk was lost, and nobody asked who else knew of them"
        town.ledger.accuse(10, "who was served before", said, was, again)


def _of_another_queue(town: "Town", clerk: "Clerk", paper: Paper) -> None:
    """Judge that somebody is called where he was not sent, while others wait there: the hub forgot where he waits."""
    if not paper.is_special or paper.queue in clerk.groups or paper.only_counter == clerk.number or not paper.is_known:
        return
    assert clerk.page.view is not None
    now, known = town.loop.time(), town.known(clerk.page.view["hub"])
    own = [one for one in town.ledger.waiting(town.day) if one.queue in clerk.groups and one.only_counter is None]
    # Whose place is not his age may be expected later, and lets others go first.
    plain = [one for one in own if one.id in known and not (one.absences or one.is_special)]
    first = [one for one in plain if now - one.last_s > LATE_S]
    is_sure = len(first) > 1 or any(one.is_known for one in first)  # a press without an answer calls one
    if is_sure and now - paper.given_s < HELPS_AFTER_S:
        said = f"called to counter {clerk.number} ({', '.join(clerk.groups)}), where {first[0]} waits"
        town.ledger.accuse(13, paper.number, said, f"it was sent on to {paper.queue}", [paper])


def _by_a_late_press(town: "Town", clerk: "Clerk", paper: Paper, pressed_s: float) -> None:
    old_s = town.loop.time() - pressed_s
    if paper.is_by_voice and paper.state == "ended" and old_s > LATE_S:
        said = f"called to counter {clerk.number} by a press that was {old_s:.0f} s old"
        town.ledger.accuse(10, paper.number, said, "called by voice meanwhile, served and gone", [paper])
