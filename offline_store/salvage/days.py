"""Days and counters out of a damaged store: the last day goes on, its numbers clear of those that no longer read."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from sqlalchemy import Connection, delete, insert, update

from offline_store.disk import tables
from offline_store.issuing.numbering import counter_before_next_thousand
from offline_store.salvage.findings import Findings, Record

_NUMBER = re.compile(r"([A-Z]?)([1-9])([0-9]{3,12})\Z")


def plausible_tickets(found: Findings) -> Iterator[Record]:
    """Yield the ticket rows whose parts agree with their number; the first copy of a row is the one to take."""
    for row in found.both("tickets"):
        parts = _NUMBER.match(str(row["number"]))
        if parts and (parts[1], int(parts[2]), int(parts[3])) == (row["prefix"], row["digit"], row["n"]):
            yield row


def restore_days(connection: Connection, found: Findings) -> str | None:
    """Bring in the days and set the last one's counters; give its date, None where no day could be read.

    A day whose own row is lost is known by its tickets. The label on those of a day that reads says nothing: it may be
    one that this day bore at first. Counters go on at the next full thousand above every number of the last day that
    still reads, in counters, tickets or items; a prefix of which nothing reads starts clear as well.
    """
    days = _plausible_days(found)
    for ticket in plausible_tickets(found):
        if ticket["day_id"] not in days and (proven := found.proven(ticket["row"])) is not None:
            days[ticket["day_id"]] = _lost_day(ticket["day_id"], proven.business_day)
    placed = {ticket["row"] for ticket in plausible_tickets(found) if ticket["day_id"] in days}
    newest = max((proven.business_day for proven in found.all_proven() if proven.row not in placed), default="")
    if newest and all(day["date"] < newest for day in days.values()):
        day_id = max(days, default=0) + 1
        days[day_id] = _lost_day(day_id, newest)
    if not days:
        return None
    connection.execute(insert(tables.business_days), [days[day_id] for day_id in sorted(days)])
    last = days[max(days)]
    former_label = max((day["date"] for day in days.values() if day["id"] < last["id"]), default="")
    highest = _highest(found, last["id"], former_label)
    connection.execute(delete(tables.counters))
    for prefix, n in highest.items():
        values = {"day_id": last["id"], "prefix": prefix, "n": counter_before_next_thousand(n)}
        connection.execute(insert(tables.counters).values(values))
    base = counter_before_next_thousand(max([last["counter_base"], *highest.values()]))
    same_day = tables.business_days.c.id == last["id"]
    connection.execute(update(tables.business_days).where(same_day).values(counter_base=base))
    return str(last["date"])


def _highest(found: Findings, day_id: int, former_label: str) -> dict[str, int]:
    """Return the highest number of each prefix on the last day, by every witness."""
    highest: dict[str, int] = {}
    for row in chain(found.both("counters"), plausible_tickets(found)):
        if row["day_id"] == day_id and re.fullmatch("[A-Z]?", str(row["prefix"])):
            highest[row["prefix"]] = max(highest.get(row["prefix"], 0), int(row["n"]))
    for proven in found.all_proven():
        # Every label since the day before: the last day may have had another one at first.
        parts = _NUMBER.match(proven.number)
        if parts and proven.business_day > former_label:
            highest[parts[1]] = max(highest.get(parts[1], 0), int(parts[3]))
    return highest


def _plausible_days(found: Findings) -> dict[int, Record]:
    days: dict[int, Record] = {}
    for row in found.both("business_days"):
        try:
            date.fromisoformat(str(row["date"]))
        except ValueError:
            continue
        days.setdefault(int(row["id"]), row)
    return days


def _lost_day(day_id: int, label: str) -> Record:
    return {"id": day_id, "date": label, "opened_by": "salvage", "serial": None, "counter_base": 0}
