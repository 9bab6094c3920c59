"""A month's report: its books equal to the ticket, its figures by hand, each format opened again."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from central.insight.reports.counted import median, p90
from central.insight.reports.cuts import Cuts
from central.insight.reports.month import count_month, together
from central.insight.reports.sheets import report_of, report_of_all
from central.insight.reports.writers import as_csv, as_json, as_xlsx
from common.protocol.envelope import Item, OrderBody, PrintBody, QueueBody, TicketBody
from common.protocol.queue import event as queue_event
from tests.central.conftest import Stage
from tests.kit.sender import Sender

MADE = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)


NAMES = {"civil-affairs": {"ar": "وثيقة أحوال مدنية", "en": "Civil-affairs document"}}


def at(day: int, hour: int, minute: int = 0) -> str:
    """Return a moment of November in UTC; the centre is three hours ahead."""
    return f"2026-11-{day:02}T{hour:02}:{minute:02}:00.000000Z"


def ticket(kiosk: Sender, number: str, when: str, **more: Any) -> Item:
    return kiosk.item(
        TicketBody(number, more.pop("service", "civil-affairs"), when[:10], **more), "ticket", wall_time=when
    )


def event(hub: Sender, kiosk: Sender, of: Item, name: str, when: str, **more: Any) -> Item:
    boot = {key: more.pop(key) for key in ("boot_id",) if key in more}
    return hub.item(QueueBody(name, kiosk.kiosk, of.id, **more), "queue", wall_time=when, **boot)


async def test_what_was_said_of_the_day_is_held_against_what_came(stage: Stage) -> None:
    """Of two who were sure one was called; of three who went home one had been told on arrival; priority is apart."""
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    given = [ticket(kiosk, f"A100{n}", at(25, 7, n)) for n in range(5)]
    elderly = ticket(kiosk, "A1009", at(25, 7, 9), priority="elderly")
    await stage.deliver(kiosk, *given, elderly)
    became = (("called", "yes"), ("carried", "yes"), ("carried", "doubtful"), ("expired", None), ("called", "doubtful"))
    events = [
        event(hub, kiosk, one, name, at(25, 11), today=word) for one, (name, word) in zip(given, became, strict=True)
    ]
    await stage.deliver(hub, *events, event(hub, kiosk, elderly, "carried", at(25, 11), today="yes"))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert month.words == {"sure": 2, "sure_called": 1, "uncalled": 3, "warned": 1}


async def test_figures_are_those_counted_by_hand(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    served = ticket(kiosk, "A1001", at(25, 7))
    missed = ticket(kiosk, "A1002", at(25, 7, 5), priority="elderly")
    waiting = ticket(kiosk, "B1001", at(26, 8), service="clearance")
    await stage.deliver(kiosk, served, missed, waiting)
    await stage.deliver(kiosk, kiosk.item(OrderBody("accepted", service="civil-affairs"), "order", wall_time=at(25, 9)))
    await stage.deliver(kiosk, kiosk.item(PrintBody(served.id, "ticket", "printed"), "print", wall_time=at(25, 7)))
    await stage.deliver(
        hub,
        event(hub, kiosk, served, "called", at(25, 7, 20), counter=3, expected_s=(600, 1500)),
        event(hub, kiosk, served, "came", at(25, 7, 21), counter=3),
        event(hub, kiosk, served, "done", at(25, 7, 27), counter=3, documents={"civil-affairs": 2, "clearance": 1}),
        event(hub, kiosk, missed, "called", at(25, 7, 45), counter=3, expected_s=(600, 1200)),
        event(hub, kiosk, missed, "missed", at(25, 7, 50), counter=3),
    )
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert (month.issued, month.by_day) == (3, {"2026-11-25": 2, "2026-11-26": 1})
    assert month.by_hour == {10: 2, 11: 1}
    assert month.ends == {"done": 1, "missed": 1, "open": 1}
    assert month.waits_s == [20 * 60, 40 * 60]
    assert month.service_s == [6 * 60]
    assert (month.priority, month.priority_waits_s) == ({"elderly": 1}, [40 * 60])
    assert month.ranges == {"told": 2, "held": 1, "too_little": 1}
    assert {code: one.documents for code, one in month.services.items()} == {"civil-affairs": 2, "clearance": 1}
    assert month.services["civil-affairs"].missed == 1
    assert (month.orders, month.papers["printed"]) == ({"accepted": 1}, 1)


async def test_a_months_books_are_equal_to_the_ticket(stage: Stage) -> None:
    chance = random.Random(11)
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    issued = 0
    for day in (2, 15, 30):
        given = [ticket(kiosk, f"A1{n:03}", at(day, 7, n), voided=chance.random() < 0.1) for n in range(1, 41)]
        issued += len(given)
        await stage.deliver(kiosk, *given)
        told: list[Item] = []
        for one in given:
            for name in chance.choice(
                [(), ("called",), ("called", "came", "done"), ("called", "missed"), ("expired",)]
            ):
                told.append(event(hub, kiosk, one, name, at(day, 9, len(told) % 60)))
        await stage.deliver(hub, *told)
    elsewhere = await stage.enrolled("homs-new")
    await stage.deliver(elsewhere, ticket(elsewhere, "A1001", at(15, 7)))
    await stage.deliver(kiosk, kiosk.item(TicketBody("A1001", "civil-affairs", "2026-12-01"), "ticket"))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert (
        month.issued == sum(month.ends.values()) == sum(month.by_day.values()) == sum(month.by_hour.values()) == issued
    )
    assert sum(one.visitors for one in month.services.values()) == issued
    assert set(month.ends) <= {*queue_event.ENDS, "open"}


async def test_minutes_in_which_the_hub_stood_still_are_told_apart(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    first, second = ticket(kiosk, "A1001", at(25, 7)), ticket(kiosk, "A1002", at(25, 7))
    await stage.deliver(kiosk, first, second)
    await stage.deliver(hub, event(hub, kiosk, first, "called", at(25, 7, 10), counter=1))
    boot = "2b7e1516-28ae-4d2a-a6ab-f7158809cf4f"
    await stage.deliver(hub, event(hub, kiosk, second, "called", at(25, 7, 40), counter=1, boot_id=boot))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert month.cut_s == 30 * 60
    assert sorted(month.waits_s) == [10 * 60, 40 * 60]
    assert sorted(month.waits_without_cuts_s) == [10 * 60, 10 * 60]
    assert month.restarts == 1


async def test_a_cut_counts_however_long_it_is_within_its_day_as_the_report_says(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    first, second = ticket(kiosk, "A1001", at(25, 3)), ticket(kiosk, "A1002", at(25, 3))
    await stage.deliver(kiosk, first, second)
    boot = "2b7e1516-28ae-4d2a-a6ab-f7158809cf4f"
    await stage.deliver(hub, event(hub, kiosk, first, "called", at(25, 4), counter=1))
    await stage.deliver(hub, event(hub, kiosk, second, "called", at(25, 17), counter=1, boot_id=boot))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert month.cut_s == 13 * 3600
    [times] = [one for one in report_of(month, NAMES, "en", MADE).sheets if one.key == "times"]
    assert "on the same business day" in times.definition


async def test_a_start_in_the_night_of_a_months_end_counts_in_the_month_in_which_it_was(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    boots = [f"2b7e1516-28ae-4d2a-a6ab-f7158809cf4{n}" for n in range(3)]
    for number, (when, boot) in enumerate([(at(30, 7), 0), ("2026-12-01T07:00:00.000000Z", 1), (at(30, 8), 0)]):
        body = TicketBody(f"A100{number}", "civil-affairs", when[:10])
        await stage.deliver(kiosk, kiosk.item(body, "ticket", wall_time=when, boot_id=boots[boot]))
    months = [await count_month(stage.engine, "homs-main", month) for month in ("2026-11", "2026-12", "2027-01")]
    assert [month.restarts for month in months] == [0, 1, 0]
    later = "2027-01-02T07:00:00.000000Z"  # the same boot goes on over the turn of the year, then one more
    for number, boot in ((4, 1), (5, 2)):
        body = TicketBody(f"A100{number}", "civil-affairs", later[:10])
        when = later.replace("07:00", f"07:0{number}")
        await stage.deliver(kiosk, kiosk.item(body, "ticket", wall_time=when, boot_id=boots[boot]))
    assert (await count_month(stage.engine, "homs-main", "2027-01")).restarts == 1


async def test_a_kiosk_whose_clock_was_wrong_spoils_no_time(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    odd = kiosk.item(
        TicketBody("A1001", "civil-affairs", "2026-11-25"),
        "ticket",
        wall_time="1970-01-01T00:10:00.000000Z",
        clock="untrusted",
    )
    await stage.deliver(kiosk, odd)
    await stage.deliver(hub, event(hub, kiosk, odd, "called", at(25, 7, 10), counter=1))
    month = await count_month(stage.engine, "homs-main", "2026-11")
    assert (month.issued, month.waits_s, month.wrong_clocks) == (1, [], 1)


@pytest.mark.parametrize("month", ["2026-13", "November", "2026-11-25", ""])
async def test_what_is_no_month_is_named(stage: Stage, month: str) -> None:
    with pytest.raises(ValueError, match="expected a month such as 2026-11"):
        await count_month(stage.engine, "homs-main", month)


def test_cuts_are_counted_where_they_lie_within() -> None:
    spans = tuple(
        (datetime(2026, 11, 25, hour, 0, tzinfo=UTC), datetime(2026, 11, 25, hour, 30, tzinfo=UTC))
        for hour in (7, 9, 11)
    )
    cuts = Cuts(spans)
    moment = datetime(2026, 11, 25, 7, 20, tzinfo=UTC)
    assert cuts.within_s(moment, moment.replace(hour=9, minute=10)) == 20 * 60
    assert cuts.within_s(moment.replace(hour=8), moment.replace(hour=8, minute=50)) == 0
    assert cuts.total_s == 90 * 60


def test_of_few_values_the_middle_and_the_ninth_are_their_own() -> None:
    assert (median([]), p90([])) == (None, None)
    assert (median([7]), p90([7])) == (7, 7)
    assert (median([1, 2, 3]), p90(list(range(1, 102)))) == (2, 91)


async def test_the_report_of_all_centres_has_a_line_for_each_and_adds_them_up(stage: Stage) -> None:
    here, hub, there = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled("homs-new")
    served, missed = ticket(here, "A1001", at(25, 7)), ticket(here, "A1002", at(25, 7, 5))
    await stage.deliver(here, served, missed)
    await stage.deliver(there, ticket(there, "A1001", at(26, 8)), there.item(
        OrderBody("accepted", service="civil-affairs"), "order", wall_time=at(26, 9)))  # fmt: skip
    await stage.deliver(
        hub,
        event(hub, here, served, "called", at(25, 7, 20), counter=3),
        event(hub, here, served, "came", at(25, 7, 21), counter=3),
        event(hub, here, served, "done", at(25, 7, 27), counter=3, documents={"civil-affairs": 2}),
        event(hub, here, missed, "called", at(25, 7, 45), counter=3),
        event(hub, here, missed, "missed", at(25, 7, 50), counter=3),
    )
    months = [await count_month(stage.engine, centre, "2026-11") for centre in ("homs-main", "homs-new")]
    found = report_of_all(months, NAMES, "en", MADE, {"homs-main": "Main centre", "homs-new": "New centre"})
    assert (found.title, found.centre) == ("Report of November 2026", "all centres")
    assert found.sheets[0].rows == (
        ("Main centre", 2, 2, 30.0, 38.0, 6.0, 50.0, "0:00:00", "0:00:00"),
        ("New centre", 1, 0, None, None, None, 0.0, "0:00:00", "0:00:00"),
    )
    whole = together(months)
    assert (whole.issued, whole.orders, whole.ends["missed"]) == (3, {"accepted": 1}, 1)
    assert found.sheets[1].rows[0][1] == 3
    for write in (as_json, as_csv, as_xlsx):
        assert write(found)
