"""Two centres as central knows them, in memory: what pages, news and data are made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from central.base import clock
from central.insight.centres.reading import Centre, Known, Told
from central.insight.centres.usual import UNKNOWN, QuietHour, Right, Usual
from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, Fee, Hours, Service
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.call import WaitingList
from common.protocol.queue.service_now import CentreNow, GroupNow, ServiceNow

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 12:00 in Homs, a Wednesday
SINCE = "2026-11-25T06:40:00Z"
REASONS = {"registry-line": {"ar": "خط السجل", "en": "Registry line"}}
FEAST = {"ar": "عيد", "en": "Feast"}


def both(name: str) -> dict[str, str]:
    """Name something, in Arabic with a dash before it."""
    return {"ar": f"-{name}", "en": name}


CARD = Service(
    code="card", group="A", prefix="A", names=both("Card"), papers=(both("Photo"), both("Old <card>")),
    fee=Fee(2500, pound="new"), hours=Hours("09:00", "12:00", ("sun", "wed")),
)  # fmt: skip
BIRTH = Service(code="birth", group="B", prefix="B", names=both("Birth"), fee=Fee(0, pound="new"))
TAX = Service(code="tax", group="B", prefix="B", names=both("Tax"), fee=Fee(150, "USD"))
PLAIN = Service(code="plain", group="C", prefix="C", names=both("Plain"))
DESK = Service(code="desk", group="D", prefix="D", names=both("Desk D"))
CATALOGUE = Catalogue((CARD, BIRTH, TAX, PLAIN), {"A": both("Cards")}, {}, {"desk": DESK}, {}, {}, {}, {})
USUAL = Usual(40, (), (QuietHour("12:30", "13:00"), QuietHour("09:00", "09:30"), QuietHour("12:00", "12:30")),
              Right(32, 0.8))  # fmt: skip


def told(*services: ServiceNow, state: Any = "open", at: datetime = NOON, **groups: GroupNow) -> Told:
    """Return a hub's word, heard when it was said."""
    now = CentreNow(state=state, services=list(services), groups=groups)
    return Told(WaitingList(clock.as_text(at), "2026-11-25", 1, {}, [], now=now), at)


STOPPED = told(
    ServiceNow(service="card", state="interrupted", reason="registry-line", since=SINCE, until="13:30"),
    ServiceNow(service="birth", state="interrupted", reason="other", since="2026-11-24T06:40:00Z", until="12:00"),
    ServiceNow(service="tax", state="interrupted"),
    B=GroupNow(waiting=3, low_s=659, high_s=1501, today="doubtful"),
    A=GroupNow(waiting=2, today="yes"),
)
WORKING = told(ServiceNow(service="card"), ServiceNow(service="tax"), at=NOON - timedelta(seconds=40))


def main_centre(**changed: Any) -> Centre:
    """Return the main centre, whose services stand still."""
    days = {
        "2026-11-26": CalendarDay("2026-11-26", closed=True, names=FEAST),
        "2026-12-02": CalendarDay("2026-12-02", opens="10:00", closes="12:00", names=FEAST),
        "2026-12-03": CalendarDay("2026-12-03", closed=True, names=FEAST),
    }
    published = {"2026-11-26": "2026-11-20T08:00:00.000000Z", "2026-12-02": "2026-11-26T08:00:00.000000Z",
                 "2026-12-03": "2026-11-20T08:00:00.000000Z"}  # fmt: skip
    made = Centre("homs-main", both("Main"), CentreHours(Hours("08:00", "14:00"), days), CATALOGUE, STOPPED, published,
                  USUAL)  # fmt: skip
    return replace(made, **changed)


def new_centre(**changed: Any) -> Centre:
    """Return the other one, where two of these work."""
    made = Centre("homs-new", both("New"), CentreHours(), CATALOGUE, WORKING, {}, UNKNOWN)
    return replace(made, **changed)


def known(*centres: Centre, at: datetime = NOON) -> Known:
    """Return all that is known at a moment."""
    return Known(at, centres, REASONS)


def plain(value: object) -> Any:
    """Return a value as JSON would have it."""
    return msgspec.json.decode(msgspec.json.encode(value))
