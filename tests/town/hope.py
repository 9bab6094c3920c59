"""Promise 14: who is told how many come before him is told no fewer than wait there already, and is not forgotten."""

from typing import TYPE_CHECKING, Final

from tests.town.ledger import Ledger, Paper

if TYPE_CHECKING:
    from tests.town.town import Town

HEARD_WITHIN_S: Final = 60.0  # what a kiosk says is at most half a minute old, and what it tells is heard as soon
ON_THE_WAY: Final = 1  # called in this very moment


def told(town: "Town", paper: Paper) -> None:
    """Judge what a paper says in the moment in which it is given."""
    if paper.before is None or paper.earlier is not None or paper.priority != "none":
        return
    ledger, now, known = town.ledger, town.loop.time(), town.known()
    before = [
        one for one in ledger.waiting(town.day)
        if one.queue == paper.queue and one.id in known and now - max(one.given_s, one.last_s) > HEARD_WITHIN_S
        and one.is_known and one.earlier is None and not one.absences and one.only_counter is None
    ]  # fmt: skip
    if paper.before < len(before) - ON_THE_WAY and ledger.is_calm(HEARD_WITHIN_S):
        was = f"{len(before)} wait for {paper.queue} since more than a minute: {', '.join(map(str, before[:6]))}"
        ledger.accuse(14, paper.number, f"told {paper.before} before you", was, [paper, *before[:2]])


def forgotten(ledger: Ledger, paper: Paper) -> None:
    """Judge that somebody was told a place in a queue that knows nothing of him."""
    if paper.before is not None:
        was = "nobody has heard of it: its counters are told that nobody waits"
        ledger.accuse(14, paper.number, f"told {paper.before} before you", was, [paper])
