"""Interruptions in the month's report: by service and cause, and equal to the presses to the second."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from central.base import clock
from central.insight.reports import counted_days
from central.insight.reports.interruptions import Interrupted
from central.insight.reports.month import Month, count_month, together
from central.insight.reports.sheets import report_of
from common.protocol.envelope import Item, QueueBody
from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from tests.central.conftest import Stage
from tests.kit.sender import Sender

pytestmark = pytest.mark.usefixtures("core_alone")

NAMES = {"civil-affairs": {"ar": "وثيقة أحوال مدنية", "en": "Civil-affairs document"}}


def press(hub: Sender, name: str, at: datetime, service: str = "civil-affairs", reason: str | None = None) -> Item:
    body = QueueBody(name, reason=reason, service=service, clerk="Rana")
    return hub.item(body, "queue", wall_time=clock.as_text(at))


async def november(stage: Stage, centre: str = "homs-main") -> Month:
    return await count_month(stage.engine, centre, "2026-11")


async def test_their_sum_is_that_of_the_presses_to_the_second(stage: Stage) -> None:
    chance = random.Random(5)
    hub, other = await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")
    expected: dict[tuple[str, str], Interrupted] = {}
    told = []
    for service in ("civil-affairs", "judicial-record"):
        at = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
        for _ in range(20):
            reason, lasts = chance.choice(["registry-line", "power"]), timedelta(seconds=chance.randint(1, 40_000))
            told += [(at, INTERRUPTED, service, reason), (at + lasts, RESUMED, service, None)]
            one = expected.setdefault((service, reason), Interrupted())
            one.add(Interrupted(1, round(lasts.total_seconds())))
            at += lasts + timedelta(seconds=chance.randint(1, 40_000))
    items = [
        press(hub, name, at, service, reason) for at, name, service, reason in sorted(told, key=lambda one: one[0])
    ]
    chance.shuffle(items)  # central hears of them in any order
    await stage.deliver(hub, *items)
    await stage.deliver(other, press(other, INTERRUPTED, datetime(2026, 11, 2, 7, tzinfo=UTC), reason="power"))
    month = await november(stage)
    assert month.interruptions == expected
    await counted_days.rebuild(stage.engine)
    assert (await november(stage)).interruptions == expected


async def test_another_reason_parts_an_interruption_and_is_no_second_one(stage: Stage) -> None:
    hub, nine = await stage.enrolled_hub(), datetime(2026, 11, 2, 9, tzinfo=UTC)
    await stage.deliver(
        hub,
        press(hub, INTERRUPTED, nine, reason="other"),
        press(hub, INTERRUPTED, nine + timedelta(minutes=5), reason="power"),
        press(hub, RESUMED, nine + timedelta(minutes=20)),
    )
    found = (await november(stage)).interruptions
    assert found == {
        ("civil-affairs", "other"): Interrupted(1, 300),
        ("civil-affairs", "power"): Interrupted(0, 900),
    }


async def test_a_month_has_of_each_what_lies_in_it_and_what_goes_on_ends_now(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = await stage.enrolled_hub()
    begin = datetime(2026, 11, 1, 1, tzinfo=UTC)  # 04:00 in Homs
    await stage.deliver(
        hub,
        press(hub, INTERRUPTED, begin - timedelta(hours=5), reason="power"),
        press(hub, RESUMED, begin + timedelta(hours=2)),
        press(hub, INTERRUPTED, begin, "judicial-record", "power"),
        press(hub, RESUMED, begin + timedelta(seconds=10), "judicial-record"),
        press(hub, INTERRUPTED, begin - timedelta(hours=1), "water-bill", "power"),
        press(hub, RESUMED, begin, "water-bill"),  # all of it was last month's
        press(hub, INTERRUPTED, begin, "clearance", "power"),
        press(hub, RESUMED, begin, "clearance"),
        press(hub, INTERRUPTED, datetime(2026, 11, 25, 9, tzinfo=UTC), reason="power"),
    )
    now = datetime(2026, 11, 25, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert (await november(stage)).interruptions == {
        ("civil-affairs", "power"): Interrupted(1, 3 * 3600),
        ("judicial-record", "power"): Interrupted(1, 10),
        ("clearance", "power"): Interrupted(1, 0),
    }
    now = datetime(2026, 12, 8, tzinfo=UTC)
    six_days_less_eight_hours = (
        datetime(2026, 12, 1, 1, tzinfo=UTC) - datetime(2026, 11, 25, 9, tzinfo=UTC)
    ).total_seconds()
    found = (await november(stage)).interruptions[("civil-affairs", "power")]
    assert found.seconds == 2 * 3600 + six_days_less_eight_hours


async def test_the_sheet_names_causes_beside_cuts_and_nobody(stage: Stage) -> None:
    hub, nine = await stage.enrolled_hub(), datetime(2026, 11, 2, 9, tzinfo=UTC)
    await stage.deliver(
        hub,
        press(hub, INTERRUPTED, nine, reason="registry-line"),
        press(hub, RESUMED, nine + timedelta(hours=3, minutes=5, seconds=17)),
    )
    month = await november(stage)
    month.cut_s = 754
    both = together([month, await november(stage, "homs-new")])
    for one in (month, both):
        report = report_of(one, NAMES, "en", nine)
        sheet = next(found for found in report.sheets if found.key == "interruptions")
        assert sheet.rows == (
            ("All services", "Power cut, or the hub stopped", None, "0:12:34"),
            ("Civil-affairs document", "Civil registry line", 1, "3:05:17"),
        )
        assert "Rana" not in str(report)
