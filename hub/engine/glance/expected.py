"""Who is expected today by appointment: planned, booked, arrived and missed by half hour; never who they are."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from hub.engine.act import Look
from hub.engine.status import business_day
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE

_ARRIVED: Final = (
    "SELECT claimed, claim_at FROM hub_tickets WHERE day = ? AND claim = 'good' AND claim_at IS NOT NULL "
    "AND is_voided = 0"
)


class Expected(Struct, frozen=True):
    """Half an hour: how many seats there are, to how many they are given, who of them came, who did not."""

    at: str
    planned: int
    booked: int
    arrived: int
    missed: int


def expected(look: Look) -> list[Expected]:
    """Return every half hour of today for which there are seats, or somebody has one."""
    day = look.centre.claims_of_days.get(business_day(look) or "")
    arrived = {row[0]: _half_hour(row[1]) for row in run(look.connection, _ARRIVED, (look.day,)).fetchall()}
    open_ = {one.id: one.at for one in (day.claims if day is not None else ()) if one.kind == "booked"}
    over = look.stamp.unix_us / 1e6 - look.centre.claim_rules.late_none_min * 60
    knows_time = look.stamp.tells_time
    planned, booked, missed = Counter[str](), Counter(arrived.values()), Counter[str]()
    for seats in day.seats if day is not None else ():
        planned[_half_hour_of(seats.at)] += seats.capacity
    for claim_id, at in open_.items():
        if claim_id not in arrived:
            booked[_half_hour_of(at)] += 1
            missed[_half_hour_of(at)] += knows_time and at < over
    came = Counter(arrived.values())
    return [Expected(at, planned[at], booked[at], came[at], missed[at]) for at in sorted(planned | booked)]


def _half_hour_of(at: int) -> str:
    return _half_hour(f"{datetime.fromtimestamp(at, UTC).astimezone(ZONE):%H:%M}")


def _half_hour(at: str) -> str:
    return f"{at[:3]}{'30' if at[3:] >= '30' else '00'}"
