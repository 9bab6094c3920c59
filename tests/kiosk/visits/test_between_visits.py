"""What stands between two visits: what rests on the screen, how each visit ends, and what is said after a fault."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Any, cast
from unittest import mock

import pytest
from structlog.testing import capture_logs

from common.city.calendar import CentreHours
from common.city.catalogue import Hours, load_catalogue
from common.protocol.feed_message import CalendarDay
from kiosk.desk.answers import Issued
from kiosk.flows.context import Centre, Context, Readers
from kiosk.flows.ended import Cancelled, Interrupted, TimedOut
from kiosk.flows.situation import Conditions, Situation
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.state import CentreClosed, NotNow, OutOfService, PowerGoing
from kiosk.prompts.ticket import TicketOnScreen
from kiosk.prompts.ui import Look, OutReason, Priority, StatusStrip, Text, Trouble
from kiosk.visits import visits as visits_module
from kiosk.visits.visit_ui import VisitUi
from kiosk.visits.visits import Premises, Visits

NOON = datetime.fromisoformat("2026-11-25T12:00+03:00")
FEAST = {"ar": "عيد", "en": "Feast"}
TICKET = Issued("t-1", "C2001", "water-bill", "2026-11-25", None, Priority.ELDERLY)
DONE = {"event": "visit-ended", "how": "done", "log_level": "info"}


class Hall:
    """A kiosk whose flows are played by a list: what each start screen does, in turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, conditions: Conditions | None = None) -> None:
        self.display = mock.Mock(on_touch=None)
        self.situation = Situation(conditions)
        self.times: list[datetime] = [NOON]
        self.hours, self.days = cast("Hours | None", None), dict[str, CalendarDay]()
        self.notices: list[dict[str, str]] = []
        self.centre = Centre("homs-main", has_others=True)
        self.slept: list[float] = []
        self.asked: list[object] = []
        self.maintained = mock.AsyncMock()
        self.starts: list[Any] = []
        self.says: list[tuple[bool, bool]] = []
        self.heard = True
        monkeypatch.setattr(visits_module, "start", self._start)
        monkeypatch.setattr(visits_module, "say_what_became", self._say)
        monkeypatch.setattr(VisitUi, "ask_until", self._ask_until)
        self.visits = Visits(
            self.display, cast("Any", None), cast("Readers", None), self.situation,
            Premises(
                catalogue=load_catalogue, centre=lambda: self.centre, times=lambda: self.times,
                hours=lambda: CentreHours(self.hours, self.days), notices=lambda: self.notices, language=lambda: "en",
            ),
            maintenance=self.maintained, sleep=self._sleep,
        )  # fmt: skip
        self.on_ask: Exception | None = None

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def _start(self, context: Context) -> bool:
        act = self.starts.pop(0)
        if callable(act):
            act = act(context)
        if isinstance(act, BaseException):
            raise act
        return cast("bool", act)

    async def _say(self, _context: Context, *, is_again: bool, unheard: Callable[[], None]) -> None:
        self.says.append((is_again, self.situation.now.is_offline))
        if not (self.heard or is_again):
            unheard()

    async def _ask_until(self, prompt: object, event: Callable[[], Awaitable[object]], **_: object) -> None:
        self.asked.append(prompt)
        if self.on_ask is not None:
            raise self.on_ask
        await event()

    async def visit(self, *starts: Any) -> list[dict[str, Any]]:
        self.starts += starts
        with capture_logs() as logs:
            await self.visits.visit()
        return cast("list[dict[str, Any]]", logs)


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall(monkeypatch)


OPENS, DAY = Hours("08:00", "14:00"), Hours("13:00", "14:00")


@pytest.mark.parametrize(
    ("conditions", "hours", "days", "times", "rests"),
    [
        ({}, None, [], [NOON], None),
        ({}, OPENS, [], [NOON], None),
        ({}, OPENS, [], [], None),
        ({"power_service": ServiceLevel.STOPPING, "battery_minutes": 3}, OPENS, [], [NOON], PowerGoing(3)),
        ({"out": OutReason.STORE}, OPENS, [], [NOON], OutOfService(OutReason.STORE, None, has_others=True)),
        ({"is_day_over": True}, OPENS, [], [], CentreClosed(None)),
        ({}, DAY, [], [NOON, NOON.replace(hour=13)], None),
        ({}, DAY, [], [NOON], CentreClosed(Text("closed.opens_on", {"day": NOON.date(), "opens": "13:00"}), True)),
        ({"is_day_over": True}, DAY, [], [NOON],
         CentreClosed(Text("closed.opens_on", {"day": date(2026, 11, 26), "opens": "13:00"}))),
        ({"is_day_over": True}, None, [], [NOON], CentreClosed(None)),
        ({}, OPENS, [CalendarDay("2026-11-25", closed=True, names=FEAST)], [NOON],
         CentreClosed(Text("closed.opens_on", {"day": date(2026, 11, 26), "opens": "08:00"}), False,
                      Text("closed.today", {"name": FEAST}))),
        ({}, OPENS, [CalendarDay("2026-11-25", opens="15:00", closes="16:00", names=FEAST)], [NOON],
         CentreClosed(Text("closed.opens_on", {"day": NOON.date(), "opens": "15:00"}), True,
                      Text("closed.today", {"name": FEAST}))),
    ],
)  # fmt: skip
def test_the_nearest_reason_rests_on_the_screen(
    hall: Hall, conditions: dict[str, Any], hours: Hours | None, days: list[CalendarDay], times: Any, rests: object
) -> None:
    hall.situation.update(**conditions)
    hall.hours, hall.times, hall.days = hours, times, {day.date: day for day in days}
    assert hall.visits._resting_screen() == rests


def test_without_paper_a_centre_that_wants_it_serves_nobody(hall: Hall) -> None:
    hall.situation.update(printer=Trouble.JAM)
    assert hall.visits._resting_screen() is None
    hall.centre = Centre("homs-main", paperless=False)
    assert hall.visits._resting_screen() == OutOfService(OutReason.PRINTER, has_others=False)


@pytest.mark.parametrize("count", range(4))
def test_notices_and_the_next_day_take_turns_by_the_number_of_the_visit(hall: Hall, count: int) -> None:
    hall.visits._count = count
    assert hall.visits._notice() is None
    hall.notices = [{"ar": "أ"}, {"ar": "ب"}]
    said = [Text("start.said", {"words": words}) for words in hall.notices]
    assert hall.visits._notice() == said[count % 2]
    hall.days["2026-11-26"] = CalendarDay("2026-11-26", closed=True, names=FEAST)
    assert hall.visits._notice() == [Text("closed.tomorrow", {"name": FEAST}), *said][count % 3]
    hall.times = []
    assert hall.visits._notice() == said[count % 2]


@pytest.mark.parametrize(
    ("end", "how"), [(True, "done"), (Cancelled(), "Cancelled"), (TimedOut(), "TimedOut"), (Interrupted(), None)]
)
async def test_each_visit_begins_in_the_set_language_and_leaves_nothing(hall: Hall, end: Any, how: str | None) -> None:
    logs = await hall.visit(False, end)
    assert logs == ([] if how is None else [{**DONE, "how": how}])
    calls: Iterable[Any] = [call for call in hall.display.mock_calls if call[0] in ("set_look", "forget")]
    assert calls == [mock.call.set_look(Look("en"))] + [mock.call.forget()] * (1 if how else 2)
    assert hall.maintained.await_args_list == ([] if how else [mock.call(hall.display, Look("en"))])


async def test_a_fault_of_the_technicians_screens_ends_no_citizens(hall: Hall) -> None:
    hall.maintained.side_effect = RuntimeError("secret")
    (line,) = await hall.visit(Interrupted())
    assert (line["event"], line["error"], line["log_level"]) == ("maintenance-failed", "RuntimeError", "error")
    assert "secret" not in str(line)
    assert await hall.visit(True) == [DONE]


async def test_what_rests_stands_until_it_is_another(hall: Hall) -> None:
    hall.situation.update(out=OutReason.STORE)
    visiting = asyncio.create_task(hall.visit(True))
    for reason in (OutReason.STORE, OutReason.MAINTENANCE):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert hall.asked[-1] == OutOfService(reason, None, has_others=True)
        hall.situation.update(clock="12:00")
        await asyncio.sleep(0)
        hall.situation.update(out=OutReason.MAINTENANCE if reason is OutReason.STORE else None)
    await visiting
    assert len(hall.asked) == 2, "what is the same is not asked again"


async def test_three_faults_in_a_row_are_called_out_of_service_and_a_good_visit_ends_the_row(hall: Hall) -> None:
    fault, sorry = RuntimeError("secret"), NotNow(Text("fault.unexpected"), others_work=False)
    out = OutOfService(OutReason.UNEXPECTED, has_others=True)
    for act in (fault, fault, True, fault, fault, fault, fault):
        logs = await hall.visit(act)
        assert [line["event"] for line in logs] == ["visit-ended" if act is True else "visit-failed"]
        assert "secret" not in str(logs)
        assert act is True or (logs[0]["error"], logs[0]["log_level"]) == ("RuntimeError", "error")
    assert hall.asked == [sorry, sorry, sorry, sorry, out, out]
    assert hall.slept == [30.0] * 6
    assert hall.display.forget.call_count == 7


async def test_a_number_that_was_shown_stays_good_after_a_fault(hall: Hall) -> None:
    def shows(context: Context) -> Exception:
        context.memory.ticket = TICKET
        return RuntimeError()

    await hall.visit(shows)
    names = load_catalogue().names("water-bill")
    assert hall.asked == [TicketOnScreen("C2001", names, Trouble.FAULT, has_priority=True)]


@pytest.mark.parametrize(("error", "told", "slept"), [(Cancelled(), [], []), (OSError("x"), ["apology-failed"], [1.0])])
async def test_an_apology_that_is_touched_away_or_fails_ends_there(
    hall: Hall, error: Exception, told: list[str], slept: list[float]
) -> None:
    hall.on_ask = error
    logs = await hall.visit(RuntimeError())
    assert [line["event"] for line in logs] == ["visit-failed", *told]
    assert hall.slept == slept
    assert all(line["error"] == "OSError" for line in logs[1:])


@pytest.mark.parametrize(("heard", "online"), [(True, []), (False, [(True, False)])])
async def test_what_became_of_payments_is_said_once_a_start_and_once_more_where_central_was_not_heard(
    hall: Hall, heard: bool, online: list[tuple[bool, bool]]
) -> None:
    hall.situation.update(is_offline=True)
    hall.heard = heard
    for _ in range(2):
        await hall.visit(True)
    assert hall.says == [(False, True)]
    hall.situation.update(is_offline=False)
    for _ in range(3):
        await hall.visit(True)
    assert hall.says == [(False, True), *online]


async def test_the_strip_follows_the_situation_until_visits_end(hall: Hall) -> None:
    names = load_catalogue().centre_names("homs-main")
    waits = asyncio.Event()
    hall.visits.visit = waits.wait  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(hall.visits.run())
    for clock in (None, "12:00", "12:01"):
        hall.situation.update(clock=clock)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert hall.display.set_strip.call_args == mock.call(StatusStrip(names, clock))
    (strip,) = [task for task in asyncio.all_tasks() if task.get_name() == "status strip"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert strip.done(), "nothing is drawn after the last visit"
    assert hall.display.set_strip.call_count == 3
