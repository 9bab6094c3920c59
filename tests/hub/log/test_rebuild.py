"""The projections are nothing but the log: made again from it, they are the same, whatever was pressed."""

import random
from typing import Any

from sqlalchemy import select

from hub.log import tables
from hub.log.event import rebuild
from tests.hub.hall import Hall

KINDS = ("next", "again", "came", "not-here", "done", "park", "transfer", "undo", "open", "pause", "close", "give")


def everything(hall: Hall) -> dict[str, list[Any]]:
    with hall.hub.store.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in tables.PROJECTIONS
        }


def test_projections_are_made_of_the_log_alone(hall: Hall) -> None:
    chance = random.Random(7)
    for number in (1, 2, 3):
        hall.press(number, "open")
    for _ in range(300):
        hall.passes(chance.choice([1, 5, 70]))
        kiosk = chance.choice(hall.kiosks)
        if chance.random() < 0.4:
            kiosk.give(chance.choice("ABC"), priority=chance.choice(["none", "none", "elderly"]))
        counter, kind = chance.choice([1, 2, 3]), chance.choice(KINDS)
        fields: dict[str, Any] = {"transfer": {"to": "B"}, "give": {"service": "clearance"}}.get(kind, {})
        now = hall.counter(counter)
        body = {"press": kind, **fields}
        if kind not in ("next", "open", "pause", "close", "give"):
            body |= {"ticket": now.ticket or "0" * 8 + "-0000-4000-8000-" + "0" * 12, "version": now.version}
        hall.raw(counter, body)
    if hall.counter(1).state != "closed":
        hall.press(1, "by-hand", ranges=[{"to": "A1004"}])
    before = everything(hall)
    assert len(before["hub_tickets"]) > 50
    assert {row[12] for row in before["hub_tickets"]} >= {"waiting", "ended"}
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert everything(hall) == before
