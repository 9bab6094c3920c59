"""What the hub said is shown only while it holds: how many come first, the range, and who takes a call for staff."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from common.machine.stamp import Trust
from common.protocol.queue.call import HelpState, Prospect, QueueCall, TakenTicket
from common.protocol.queue.service_now import CentreElsewhere, Elsewhere, ServiceElsewhere
from kiosk.delivery.hub import HubNews, StaffByHub
from kiosk.flows.context import Judged
from kiosk.prompts.ticket import Ahead, Stopped
from kiosk.prompts.ui import Priority, Text
from offline_store.queue import help as help_calls
from offline_store.queue.word import HubWord, read_word, write_word
from tests.kit.clock import BOOT, HandClock

CALL = "5b1f6f0a-1111-4c3e-9d2a-000000000001"


def say(folder: Path, clock: HandClock, prospect: Prospect | None = None, help_state: HelpState | None = None) -> None:
    now = clock.now()
    word = HubWord(
        hub="hub-1",
        term=1,
        boot_id=now.boot_id,
        heard_boot_ns=now.boot_time_ns,
        wall_time=now.text,
        clock=now.clock,
        queue={"clearance": prospect or Prospect(4, 600, 1500)},
        calls=[QueueCall(9 - n, f"A100{n}", n, now.text) for n in range(1, 6)],
        help={} if help_state is None else {help_state.id: help_state},
    )
    write_word(folder, word)


def test_what_the_hub_counted_is_told_with_the_time_at_which_it_was_true(tmp_path: Path) -> None:
    clock = HandClock()
    say(tmp_path, clock)
    ahead = HubNews(tmp_path, clock).ahead("clearance")
    assert isinstance(ahead, Ahead)
    assert (ahead.before, ahead.wait_min, ahead.as_of) == (4, (10, 25), "12:00")


@pytest.mark.parametrize(("low", "high", "told"), [(None, None, None), (0, 300, (0, 5)), (299, 301, (4, 6))])
def test_a_range_is_told_in_minutes_that_hold_it_and_an_unknown_one_not_at_all(
    tmp_path: Path, low: int | None, high: int | None, told: tuple[int, int] | None
) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(0, low, high))
    ahead = HubNews(tmp_path, clock).ahead("clearance")
    assert isinstance(ahead, Ahead)
    assert ahead.wait_min == told


def test_somebody_with_priority_is_told_how_many_come_before_with_it_and_no_range_of_others(tmp_path: Path) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(12, 600, 1500, before_priority=2))
    ahead = HubNews(tmp_path, clock).ahead("clearance", preferred=True)
    assert isinstance(ahead, Ahead)
    assert (ahead.before, ahead.wait_min) == (2, None)
    say(tmp_path, clock, Prospect(12, 600, 1500))  # a hub that does not say it
    assert HubNews(tmp_path, clock).ahead("clearance", preferred=True) is None


@pytest.mark.parametrize(("closes", "said"), [("12:24", "12:24"), ("12:25", None), (None, None), ("11:00", "11:00")])
def test_a_wait_that_may_end_after_closing_says_so(tmp_path: Path, closes: str | None, said: str | None) -> None:
    clock = HandClock()  # noon at the centre
    say(tmp_path, clock)  # at most 25 minutes
    ahead = HubNews(tmp_path, clock).ahead("clearance", closes=closes)
    assert isinstance(ahead, Ahead)
    assert ahead.closes == said


def test_nothing_is_told_by_an_old_word_an_unknown_clock_or_for_another_service(tmp_path: Path) -> None:
    clock = HandClock()
    news = HubNews(tmp_path, clock)
    assert news.ahead("clearance") is None, "there is no hub"
    say(tmp_path, clock)
    assert news.ahead("water-bill") is None
    clock.trust = "unknown"
    assert news.ahead("clearance") is None
    clock.trust = "synced"
    clock.sleep(31)
    assert news.ahead("clearance") is None
    clock.boottime_s = 5.0
    assert news.ahead("clearance") is None, "said before the machine began again"


async def test_a_call_for_staff_is_taken_only_when_the_hub_has_it_and_seen_only_when_somebody_saw_it(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    slept = 0

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += 1
        clock.sleep(seconds)
        if slept == 3:
            assert help_calls.asked(tmp_path) == CALL
            say(tmp_path, clock, help_state=HelpState(CALL, "asked"))
        if slept == 6:
            say(tmp_path, clock, help_state=HelpState(CALL, "seen"))
        await asyncio.sleep(0)

    staff = StaffByHub(HubNews(tmp_path, clock), tmp_path, sleep)
    assert await staff.call(CALL)
    assert slept == 3
    await staff.seen(CALL)
    assert slept == 6


async def test_a_call_that_no_hub_takes_is_said_not_to_have_been_sent(tmp_path: Path) -> None:
    clock = HandClock()

    async def sleep(seconds: float) -> None:
        clock.sleep(seconds)

    assert not await StaffByHub(HubNews(tmp_path, clock), tmp_path, sleep).call(CALL)
    assert clock.now().boot_id == BOOT


def test_the_hall_is_told_while_the_word_is_young_and_then_not_at_all(tmp_path: Path) -> None:
    clock = HandClock()
    news = HubNews(tmp_path, clock)
    assert news.hall() is None
    say(tmp_path, clock)
    hall = news.hall()
    assert hall is not None
    assert hall.waiting == {"clearance": 4}
    assert [(call.number, call.counter) for call in hall.calls] == [("A1001", 1), ("A1002", 2), ("A1003", 3)]
    clock.sleep(31)
    assert news.hall() is None


@pytest.mark.parametrize("priority", list(Priority))
def test_a_tile_says_as_many_as_the_ticket_that_it_gives(tmp_path: Path, priority: Priority) -> None:
    clock, preferred = HandClock(), priority is not Priority.NONE
    news = HubNews(tmp_path, clock)
    say(tmp_path, clock, Prospect(12, 600, 1500, before_priority=2))
    hall, ahead = news.hall(), news.ahead("clearance", preferred=preferred)
    assert hall is not None
    assert isinstance(ahead, Ahead)
    assert hall.seen_by(priority).waiting["clearance"] == ahead.before == (2 if preferred else 12)
    say(tmp_path, clock, Prospect(12, 600, 1500))  # a hub that does not say it: then no tile does
    hall = news.hall()
    assert hall is not None
    assert ("clearance" in hall.seen_by(priority).waiting) is not preferred


REASONS = {"registry-line": {"ar": "خط السجل المدني", "en": "Civil registry line"}}


@pytest.mark.parametrize(
    ("reason", "since", "expected"),
    [
        ("registry-line", "2026-11-25T06:40:00Z", Text("service.stopped_since_because")),
        ("registry-line", "2026-11-24T06:40:00Z", Text("service.stopped_since_day_because")),
        ("registry-line", None, Text("service.stopped_because")),
        ("other", "2026-11-25T06:40:00Z", Text("service.stopped_since")),
        ("not-known-here", None, Text("service.stopped")),
    ],
)
def test_a_service_that_stands_still_says_since_when_and_why_as_far_as_known(
    tmp_path: Path, reason: str, since: str | None, expected: Text
) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(4, state="interrupted", reason=reason, since=since, until="13:30"))
    news = HubNews(tmp_path, clock, lambda: REASONS)
    found = news.ahead("clearance")
    assert isinstance(found, Stopped)
    assert found.why.msgid == expected.msgid
    assert found.why.values.get("reason") == (REASONS["registry-line"] if "because" in expected.msgid else None)
    assert found.until == Text("service.until", {"time": "13:30"})
    assert [one.msgid for one in found.said][-2:] == ["ticket.called_if_it_works", "ticket.as_of"]
    hall = news.hall()
    assert hall is not None
    assert (hall.stopped, hall.waiting) == ({"clearance": found}, {})
    clock.sleep(31)
    hall = news.hall()
    assert hall is not None
    assert (hall.is_heard, hall.stopped, hall.waiting, hall.calls) == (False, {"clearance": found}, {}, ())
    assert news.ahead("clearance") == found, "a standstill outlives the hub's silence, as of when it was told"


@pytest.mark.parametrize(
    ("silent_s", "boot", "days", "trust", "expected"),
    [
        (600, BOOT, 0, "unknown", None),
        (601, BOOT, 0, "synced", Text("service.stood_still_at", {"time": "12:00"})),
        (601, BOOT, 0, "unknown", Text("service.stood_still")),
        (9, "another", 0, "synced", None),
        (9, "another", 0, "file", Text("service.stood_still")),
        (601, BOOT, 1, "synced", Text("service.stood_still_on", {"day": date(2026, 11, 25)})),
    ],
)
def test_ten_minutes_after_the_hubs_last_word_nobody_can_say_whether_it_stands_still(
    tmp_path: Path, silent_s: float, boot: str, days: int, trust: Trust, expected: Text | None
) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(4, state="interrupted"))
    clock.sleep(silent_s)
    clock.boot_id, clock.trust = boot, trust
    clock.wall += timedelta(days=days)
    news = HubNews(tmp_path, clock)
    found = news.ahead("clearance")
    assert isinstance(found, Stopped)
    assert found.is_unsure is (expected is not None)
    assert found.brief.msgid == ("service.stopped" if expected is None else "service.maybe_stopped")
    assert found.why == (expected or Text("service.stopped"))
    hall = news.hall()
    assert hall is not None
    assert hall.stopped == {"clearance": found}
    assert news.ahead("water-bill") is None


def test_of_a_kiosk_whose_numbers_the_hub_refuses_nobody_is_told_who_comes_before(tmp_path: Path) -> None:
    clock = HandClock()
    news = HubNews(tmp_path, clock)
    say(tmp_path, clock)
    word = read_word(tmp_path)
    assert word is not None
    write_word(tmp_path, replace(word, is_refused=True))
    hall = news.hall()
    assert hall is not None
    assert (hall.waiting, hall.waiting_priority, news.ahead("clearance")) == ({}, {}, None)
    assert hall.calls, "who is called is so all the same"


def test_a_time_that_is_over_is_not_told_as_expected(tmp_path: Path) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(4, state="interrupted", reason="other", until="11:59"))
    found = HubNews(tmp_path, clock).ahead("clearance")
    assert isinstance(found, Stopped)
    assert found.until is None


def test_who_may_not_be_served_today_is_told_before_and_on_the_ticket(tmp_path: Path) -> None:
    clock = HandClock()
    say(tmp_path, clock, Prospect(40, 6000, 9000, today="doubtful"))
    news = HubNews(tmp_path, clock)
    hall, ahead = news.hall(), news.ahead("clearance", closes="13:00")
    assert hall is not None
    assert hall.doubtful == {"clearance"}
    assert isinstance(ahead, Ahead)
    assert ahead.closing == (Text("ticket.may_not_be_today"),), "one sentence, not two of the same"


def test_a_kiosk_that_does_not_know_the_time_still_says_that_a_service_stands_still(tmp_path: Path) -> None:
    clock = HandClock()
    clock.trust = "unknown"
    say(tmp_path, clock, Prospect(4, state="interrupted", reason="other"))
    found = HubNews(tmp_path, clock).ahead("clearance")
    assert isinstance(found, Stopped)
    assert found.as_of is None
    assert [one.msgid for one in found.said] == ["service.stopped", "ticket.called_if_it_works"]


def test_what_the_hub_made_of_an_earlier_paper_is_told_with_who_comes_before(tmp_path: Path) -> None:
    clock = HandClock()
    now = clock.now()
    good, called, plain, never_told = (f"{CALL[:-1]}{n}" for n in range(4))
    said = [
        TakenTicket(good, 2, 300, 850, claim="good"),
        TakenTicket(called, claim="used"),
        TakenTicket(plain, 4),
    ]
    told = {one.id: one for one in said}
    heard = {"boot_id": now.boot_id, "heard_boot_ns": now.boot_time_ns, "wall_time": now.text}
    write_word(tmp_path, HubWord(hub="hub-1", term=1, tickets=told, **heard))  # type: ignore[arg-type]
    news = HubNews(tmp_path, clock)
    assert news.judged(good) == Judged("good", Ahead(2, "12:00", (5, 15)))
    assert news.judged(called) == Judged("used")
    assert [news.judged(ticket) for ticket in (plain, never_told)] == [None, None]
    clock.trust = "unknown"
    assert news.judged(good) == Judged("good"), "nobody knows as of when"
    clock.pass_time(seconds=31)
    assert news.judged(good) is None


def test_where_it_works_instead_is_said_only_while_it_is_fresh_by_a_trusted_clock(tmp_path: Path) -> None:
    clock = HandClock()

    def at(minutes_ago: float, place: str) -> CentreElsewhere:
        as_of = clock.wall - timedelta(minutes=minutes_ago)
        return CentreElsewhere(place, {"ar": place, "en": place}, as_of.isoformat())

    also_at = [at(9.9, "a"), at(10.1, "old"), at(2, "b"), at(-2, "ahead"), at(-0.5, "c")]
    told = Elsewhere(clock.now().text, [ServiceElsewhere("clearance", also_at)])
    news = HubNews(tmp_path, clock, elsewhere=lambda: told)

    def places() -> list[tuple[object, object]]:
        say(tmp_path, clock, Prospect(4, state="interrupted"))
        hall = news.hall()
        assert hall is not None
        lines = hall.stopped["clearance"].also_at
        return [(line.values["centre"]["en"], line.values["time"]) for line in lines]  # type: ignore[index]

    assert places() == [("c", "12:00"), ("b", "11:58"), ("a", "11:50")]
    clock.trust = "unknown"
    assert places() == []
    clock.trust = "synced"
    clock.pass_time(minutes=8.1)
    assert places() == [("ahead", "12:02"), ("c", "12:00")]
