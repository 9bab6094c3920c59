"""A centre's first week at central, day by day, with none, one or a few of each thing: every page, report and check.

Numbers, calls, orders, bills and appointments come as machines send them; what is divided by, averaged or taken the
greatest of is nothing yet, in one place or another, on each of these days.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.paid.payments import payments
from central.claims import booking
from central.claims.planned import publication
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Wanted, of_system, read_time
from central.commands.doctor.examination import examine
from central.insight.reports import counted_days
from central.kiosks import centres
from central.offices import operators, sessions
from central.offices.operators import Operator
from central.offices.upkeep import needs
from common.protocol.envelope import Item, OrderBody, QueueBody, TicketBody
from tests.central.claims.conftest import OPEN, WEEK
from tests.central.conftest import Stage
from tests.central.offices.money import payment_row
from tests.kit.sender import Sender

CENTRE = "homs-main"
EIGHT = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # in Homs, on a Wednesday
DAYS = 7
NOBODY = Path("/no/certificate.pem")
PUBLIC = (
    "/centres", "/centres?lang=en", f"/centres/{CENTRE}", "/centres.atom", "/v1/centres", f"/v1/centres/{CENTRE}/usual",
    "/v", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
OFFICES = (
    "needs", "fleet", "people", "publish", "announcing",
    f"appointments?centre={CENTRE}&day={{day}}&service=civil-affairs",
    "payments?day={day}", "payments/file?day={day}&form=csv", "cashier", "messages?month={month}", "reports",
    f"reports?centre={CENTRE}&month={{month}}", f"reports/file?centre={CENTRE}&month={{month}}&form=json",
    f"reports/file?centre={CENTRE}&month={{month}}&form=csv", "operations",
)  # fmt: skip


class Day(NamedTuple):
    """How many numbers are given, called, orders taken, bills made and appointments booked."""

    numbers: int = 0
    called: int = 0
    orders: int = 0
    bills: int = 0
    booked: int = 0


#: Each begins with two days alike, on which something is there and what goes with it is not.
FIRST = [
    Day(),
    Day(numbers=3),
    Day(numbers=1, orders=1, bills=1),
    Day(booked=1),
    Day(numbers=3, called=1, orders=3, bills=3, booked=3),
]


@dataclass
class Town:
    """Central, one centre with a kiosk and a hub, and an operator who looks at everything."""

    stage: Stage
    move: Callable[[datetime], None]
    kiosk: Sender
    hub: Sender
    offices: dict[str, str]
    now: datetime = EIGHT
    numbers: count = field(default_factory=lambda: count(1))  # type: ignore[type-arg]
    tokens: list[str] = field(default_factory=list)

    def goes_on_to(self, moment: datetime) -> None:
        self.now = moment
        self.move(moment)

    def said_at(self, minutes: int = 0) -> str:
        return clock.as_text(self.now + timedelta(minutes=minutes))

    async def lives(self, day: Day) -> None:
        """Live through a day: what kiosk and hub send, what is booked and what is billed."""
        given = [self._number(n) for n in range(day.numbers)]
        orders = [
            self.kiosk.item(
                OrderBody("accepted", uuid.uuid4().hex, "civil-affairs"), "order", wall_time=self.said_at(n)
            )
            for n in range(day.orders)
        ]
        for items in (given, orders):
            if items:
                await self._are_taken(self.kiosk, *items)
        told = [self.hub.item(QueueBody("day-opened"), "queue", wall_time=self.said_at())]
        for n, one in enumerate(given):
            for event in ("called", "came", "done") if n < day.called else ("expired",):
                said = QueueBody(event, self.kiosk.kiosk, one.id, counter=1, expected_s=(60, 600))
                told.append(self.hub.item(said, "queue", wall_time=self.said_at(10 + n)))
        await self._are_taken(self.hub, *told)
        async with self.stage.engine.begin() as connection:
            for _ in range(day.bills):
                await connection.execute(insert(payments), [self._bill(next(self.numbers))])
            for n in range(day.booked):
                at = f"{(self.now + timedelta(days=1)).date()}T10:{15 * n:02}"
                wanted = Wanted(CENTRE, "civil-affairs", read_time(at))
                try:
                    await booking.book(connection, self.stage.ring, wanted, of_system("muamalati"), self.now)
                except ClaimRefused:
                    break  # the centre is closed then

    async def _are_taken(self, sender: Sender, *items: Item) -> None:
        assert {result for result, _ in await self.stage.results(sender, *items)} == {"applied"}

    def _number(self, n: int) -> Item:
        self.tokens.append(uuid.uuid4().hex)
        body = TicketBody(
            f"A{self.kiosk.digit}{n + 1:03}", "civil-affairs", self.now.date().isoformat(), token=self.tokens[-1]
        )
        return self.kiosk.item(body, "ticket", wall_time=self.said_at(n))

    def _bill(self, number: int) -> dict[str, Any]:
        at = {"at": self.said_at(), "dies_at": self.said_at(10)}
        row = payment_row(1, f"261125-{number:04}-0000-0000", ("told", "expired", "refund-due")[number % 3])
        return row | at | {"id": str(uuid.uuid4()), "centre": CENTRE, "kiosk": self.kiosk.kiosk}

    async def is_seen_whole(self) -> None:
        """Ask for each page, report and file, count what is over, and have doctor and upkeep look round."""
        stage, day = self.stage, self.now.date().isoformat()
        with capture_logs() as logged:
            await stage.all_read()
            await counted_days.rebuild(stage.engine)
            for path in PUBLIC:
                await self._is_there(path, {})
            for token in self.tokens[-2:]:
                await self._is_there(f"/t/{token}", {}, or_over=True)
            for path in OFFICES:
                await self._is_there(f"/offices/{path.format(day=day, month=day[:7])}", self.offices)
            found = [one async for one in examine(stage.config, NOBODY)]
            async with reading(stage.engine) as connection:
                await needs.what_needs_somebody(connection, stage.config, NOBODY)
        assert not [one.line for one in found if "can't be looked at" in one.line]
        assert not [one for one in logged if one["log_level"] in ("error", "critical") or "exc_info" in one]

    async def _is_there(self, path: str, headers: dict[str, str], *, or_over: bool = False) -> None:
        answer = await self.stage.client.get(path, headers=headers)
        is_there = answer.status_code < 400 or (or_over and answer.status_code == 404)
        assert is_there, (path, answer.status_code, answer.text[:300])


@pytest.fixture
async def town(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)

    def move(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    move(EIGHT)
    async with stage.engine.begin() as connection:
        row = centres.read_table(f"code,name_ar,name_en,kiosks\n{CENTRE},حمص,Homs,1\n")
        await centres.add(connection, row)
        await publication.publish(
            connection, msgspec.json.encode({"centre": CENTRE, "rules": OPEN, "plan": WEEK}), stage.ring
        )
        await operators.appoint(connection, "Rana", "administrator", [])
        token = await sessions.begin(connection, Operator("Rana", "administrator"))
    await stage.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})
    return Town(stage, move, kiosk, hub, {"Cookie": f"offices-session={token}"})


@pytest.mark.timeout(240)
@pytest.mark.parametrize("first", FIRST, ids=lambda day: "-".join(map(str, day)))
async def test_each_page_and_report_is_there_on_each_evening_and_the_next_morning(town: Town, first: Day) -> None:
    at = FIRST.index(first)
    week = [first, first, *(FIRST[(at + n) % len(FIRST)] for n in range(1, DAYS - 1))]
    for number, day in enumerate(week):
        morning = EIGHT + timedelta(days=number)
        town.goes_on_to(morning)
        await town.is_seen_whole()
        await town.lives(day)
        town.goes_on_to(morning.replace(hour=13))
        await town.is_seen_whole()
