"""The oracles that judge while people work: each is a sentence of the README, asked of what people know."""

from typing import Any, Final

from tests.town import hope
from tests.town.ledger import ELSEWHERE, Ledger, Paper

KNOWN_AFTER_S: Final = 20.0
HEALED_S: Final = 300.0
MAY_PASS: Final = 2
ENDED: Final = ("done", "left", "expired", "voided", "by-hand")


def given(ledger: Ledger, paper: Paper) -> None:
    """Promise 3: no number twice on one day."""
    other = ledger.find(paper.day, paper.number)
    if other is not None and other.id != paper.id:
        said = f"{paper.number} at {other.place} and again at {paper.place}"
        ledger.accuse(3, paper.number, said, "two people hold it", [other, paper])
    ledger.papers[paper.id] = paper
    ledger.by_number[paper.day, paper.number] = paper


def called(ledger: Ledger, paper: Paper, counter: int, known: set[str]) -> None:
    """Promises 10 and 13: nobody is called twice for one visit, nobody is passed by who came later.

    `known`: ids of papers that the hub must know of by now.
    """
    if paper.is_known:
        if paper.state in ELSEWHERE and paper.counter != counter:
            was = f"at counter {paper.counter}, where nobody let it go"
            ledger.accuse(10, paper.number, f"called to counter {counter}", was, [paper])
        elif paper.state in ("ended", "passed"):
            was = "served and gone" if paper.state == "ended" else "called before, and passed"
            ledger.accuse(10, paper.number, f"called to counter {counter}", was, [paper])
        elif paper.state == "away":
            ledger.accuse(10, paper.number, f"called to counter {counter}", "away, and not back yet", [paper])
    if _is_plain(paper):
        _passes(ledger, paper, known)


def _passes(ledger: Ledger, paper: Paper, known: set[str]) -> None:
    for one in ledger.waiting(paper.day):
        is_before = one.given_s < paper.given_s - KNOWN_AFTER_S and one.queue == paper.queue and one.id in known
        if not is_before or not _is_plain(one) or (one.priority == "none" and paper.priority != "none"):
            continue
        one.passed_by.add(paper.number)
        if len(one.passed_by) >= MAY_PASS and ledger.is_calm(60.0):
            said = f"it waits while {', '.join(sorted(one.passed_by))} are called"
            ledger.accuse(13, one.number, said, "all of these came later, for the same queue", [one])


def nobody_waits(ledger: Ledger, counter: int, groups: list[str], day: int, known: set[str], open_: set[int]) -> None:
    """Promise 13: whom no counter calls any more was forgotten."""
    if not ledger.is_calm(HEALED_S):
        return
    for one in ledger.waiting(day):
        if (
            not one.is_known
            or one.id not in known
            or one.queue not in groups
            or one.absences
            or _was_just_said(ledger, one)
        ):
            continue
        if one.only_counter not in (None, counter):
            if one.only_counter not in open_ and ledger.now() - one.given_s > HEALED_S:
                said = f"sent on to counter {one.only_counter}, and counter {counter} is told that nobody waits"
                ledger.accuse(13, one.number, said, f"counter {one.only_counter} is closed", [one])
            continue
        said = f"counter {counter} ({', '.join(groups)}) pressed next and was told that nobody waits"
        ledger.accuse(13, one.number, said, f"it waits for {one.queue} since {one.given_s:.0f} s", [one])
        hope.forgotten(ledger, one)


def unheard(ledger: Ledger, paper: Paper, kiosk: str) -> None:
    """Promise 13: who gets a number of a kiosk that no hub hears, though nothing is broken, waits for nothing."""
    said = f"given by {kiosk}, from which no hub has heard for five minutes"
    ledger.accuse(13, kiosk, said, "both run, and the line between them is whole", [paper])


def still_open(ledger: Ledger, view: dict[str, Any]) -> None:
    """Promise 20: a counter at which nobody sits is not said to be open."""
    if view["counters"]:
        said = f"counters {view['counters']} are open, says the board"
        ledger.accuse(20, "who comes early", said, "nobody has come to work yet")


def announced(ledger: Ledger, heard: dict[tuple[str, int, str], int], call: dict[str, Any], day: int) -> None:
    """Promise 11: each call is announced once."""
    key = (call["number"], call["counter"], call["at"])
    heard[key] = heard.get(key, 0) + 1
    paper = ledger.find(day, call["number"])
    ledger.note(f"board: {call['number']} to counter {call['counter']}", paper)
    if paper is not None:
        paper.heard_s = ledger.now()
    if heard[key] == 2:
        papers = [] if paper is None else [paper]
        ledger.accuse(11, call["number"], "announced twice", f"called once, at {call['at']}", papers)


def printed(
    ledger: Ledger, kiosk: str, numbers: list[str], papers: list[Paper], heard_s: float, *, promise: int
) -> None:
    """Promises 12 and 20: the list that a kiosk prints names who waits, and nobody else.

    `papers`: of this kiosk and day; of those whose last word is younger than what the kiosk heard nobody is judged.
    """
    for one in papers:
        if not one.is_known or one.last_s > heard_s - KNOWN_AFTER_S:
            continue
        is_listed = one.number in numbers
        if one.state == "waits" and not is_listed:
            ledger.accuse(promise, one.number, f"not on the list that {kiosk} prints", "it waits", [one])
        elif one.state in ("ended", "void") and is_listed:
            ledger.accuse(promise, one.number, f"on the list that {kiosk} prints", "it was served", [one])


def shown(ledger: Ledger, paper: Paper, called_to: int | None, heard_s: float) -> None:
    """Promise 20: what a kiosk says of a paper that is shown again is what its counter says."""
    if not paper.is_known or paper.last_s > heard_s - KNOWN_AFTER_S:
        return
    if called_to is not None and paper.state == "waits" and not paper.absences:
        said = f"its kiosk says that it was called to counter {called_to}"
        ledger.accuse(20, paper.number, said, "it waits", [paper])
    if called_to is not None and paper.state in ELSEWHERE and paper.counter != called_to:
        said = f"its kiosk says that it was called to counter {called_to}"
        ledger.accuse(20, paper.number, said, f"it is called to counter {paper.counter}", [paper])


def phoned(ledger: Ledger, paper: Paper, state: str) -> None:
    """Promise 20: what the page of a number says on a phone is what its counter says, once central can have it."""
    if not paper.is_known or ledger.now() - paper.last_s < HEALED_S:
        return
    said = f"its page says {state!r}"
    if paper.state == "waits" and state in ENDED:
        ledger.accuse(20, paper.number, said, "it waits", [paper])
    elif paper.state == "ended" and state in ("waiting", "called", "serving"):
        ledger.accuse(20, paper.number, said, "it was served", [paper])


def boards(ledger: Ledger, views: dict[str, dict[str, Any]]) -> None:
    """Promise 20: two hubs that hear each other show one queue."""
    if len(views) < 2:
        return
    names = sorted(views)
    first = views[names[0]]
    for other in names[1:]:
        for what in ("waiting", "counters", "business_day", "day_closed"):
            if views[other][what] != first[what]:
                said = f"{what} {views[other][what]} at {other}"
                ledger.accuse(20, f"the hall ({what})", said, f"{first[what]} at {names[0]}")


def _was_just_said(ledger: Ledger, paper: Paper) -> bool:
    """Whether the board has called somebody of whom no clerk was told: the press's answer is on its way."""
    return ledger.now() - paper.heard_s < 120.0


def _is_plain(paper: Paper) -> bool:
    """Whether somebody's place is by his age alone."""
    return paper.is_known and not (paper.is_special or paper.absences or paper.only_counter) and paper.earlier is None
