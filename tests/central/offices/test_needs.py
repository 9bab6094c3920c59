"""What needs somebody is said by name, the most urgent first, until it is mended."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import delete, insert

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.kept import backups
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.feed import epoch as feed_epoch
from central.insight.public.texts import LANGUAGES, texts
from central.kiosks import enrolment, history
from central.kiosks.contacts import Contacts
from central.kiosks.rollout import rollout
from central.offices.drawing import FOLDER
from central.offices.fleet import find_machine, mute
from central.offices.operators import Operator, Role
from central.offices.retention import rules
from central.offices.retention.kinds import kinds
from central.offices.upkeep import growth, needs
from central.offices.upkeep.needs import what_needs_somebody
from central.offices.upkeep.todo import KINDS, Todo
from common.protocol.queue.call import WaitingList
from tests.central.conftest import Stage
from tests.central.offices.money import payment_row
from tests.kit.sender import Sender

NOBODY = Path("/no/certificate.pem")


@pytest.fixture(autouse=True)
def _large_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)


async def ruled(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        for kind in kinds():
            await rules.set_days(connection, kind, 400, "Rana")


async def todos(stage: Stage) -> list[Todo]:
    async with reading(stage.engine) as connection:
        return await what_needs_somebody(connection, stage.config, NOBODY)


async def said(stage: Stage) -> list[tuple[str | None, str | None]]:
    return [(row["where"], row["what"]) for row in (one.row("en") for one in await todos(stage))]


async def hear(stage: Stage, *senders: Sender) -> None:
    """Let machines be heard, and say that they are well."""
    heard = Contacts(stage.engine)
    for sender in senders:
        heard.note(sender.kiosk)
    await heard.write()
    async with stage.engine.begin() as connection:
        for sender in senders:
            await history.keep(connection, sender.kiosk, '{"clock":"synced"}', clock.as_text(clock.now()))


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    moment = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: moment)


async def test_where_all_is_well_nothing_is_said(stage: Stage) -> None:
    await ruled(stage)
    await hear(stage, await stage.enrolled(), await stage.enrolled_hub())
    assert await todos(stage) == []


async def test_silent_machines_are_named_hubs_first_and_none_that_somebody_works_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, muted, hub = await stage.enrolled(), await stage.enrolled("homs-new"), await stage.enrolled_hub()
    heard = await stage.enrolled()
    await hear(stage, kiosk, hub)
    operator = Operator("Rana", "manager")
    async with stage.engine.begin() as connection:
        machine = await find_machine(connection, operator, muted.kiosk)
        assert machine is not None
        await mute(connection, operator, machine, is_on=True)
    later(monkeypatch, minutes=11)
    await hear(stage, heard)
    found = await todos(stage)
    assert [one.row("en")["where"] for one in found if one.machine] == [
        "Hub 1 of Main centre",
        "Kiosk 1 of Main centre",
    ]
    assert str(found[1].row("en")["do"]).endswith(f"Dead or stolen: central revoke {kiosk.kiosk}")
    assert found[-1].kind == "retention"
    elsewhere = Operator("Sami", "reader", frozenset({"homs-new"}))
    assert needs.seen_by(found, elsewhere) == []
    assert needs.seen_by(found, operator) == found


async def test_a_centre_of_which_nothing_is_heard_is_one_thing_to_see_to(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ruled(stage)
    kiosk, hub, elsewhere = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled("homs-new")
    later(monkeypatch, minutes=5)
    await hear(stage, hub)
    last = clock.as_text(clock.now())
    later(monkeypatch, minutes=11)
    await hear(stage, elsewhere)
    (found,) = await todos(stage)
    assert (found.row("en")["where"], found.since) == ("Main centre", last)
    assert found.row("en")["what"] == "None of its 2 machines was heard for more than ten minutes"
    assert needs.seen_by([found], Operator("Sami", "reader", frozenset({"homs-new"}))) == []
    await hear(stage, kiosk)
    assert [one.kind for one in await todos(stage)] == ["hub-silent"]


async def test_a_machine_that_was_just_enrolled_is_not_silent(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await ruled(stage)
    await stage.enrolled()
    assert await todos(stage) == []
    enrolled = clock.as_text(clock.now())
    later(monkeypatch, minutes=11)
    (found,) = await todos(stage)
    assert (found.kind, str(found.since)[:16]) == ("kiosk-silent", enrolled[:16])


async def test_a_board_is_silent_by_the_word_of_the_hub_that_leads(stage: Stage) -> None:
    await ruled(stage)
    hub = await stage.enrolled_hub()
    now = clock.as_text(clock.now())
    for silent_s, expected in ((None, []), (30, []), (700, ["board-silent"])):
        await stage.deliver(hub, waiting=WaitingList(now, "2026-11-25", 1, {}, board_silent_s=silent_s))
        await hear(stage, hub)
        assert [one.kind for one in await todos(stage)] == expected


async def begin(stage: Stage, version: str = "1.2.0") -> None:
    async with stage.engine.begin() as connection:
        await rollout.start(connection, version, 3, None)


async def advance(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await rollout.advance(connection)


async def test_a_rollout_that_no_timer_carries_on_is_told_and_one_that_waits_says_for_whom(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ruled(stage)
    kiosk = await stage.enrolled()
    await hear(stage, kiosk)
    await begin(stage)
    assert await todos(stage) == []
    later(monkeypatch, minutes=31)
    await hear(stage, kiosk)
    assert await said(stage) == [("Central", "Nothing carries version 1.2.0 on")]
    await advance(stage)
    assert await said(stage) == []
    later(monkeypatch, hours=31)
    await hear(stage, kiosk)
    await advance(stage)
    assert await said(stage) == [("Central", "Version 1.2.0 waits for Kiosk 1 of Main centre")]
    page = (await stage.client.get("/metrics")).text
    assert "central_rollout_waiting 1.0" in page
    assert "central_rollout_stopped 0.0" in page


async def test_a_rollout_that_a_kiosk_could_not_take_is_told_until_another_begins(stage: Stage) -> None:
    await ruled(stage)
    kiosk = await stage.enrolled()
    await begin(stage)
    failed = {"version": "1.2.0", "outcome": "failed", "why": "no start screen"}
    await stage.deliver(kiosk, health={"version": "1.0.0", "update": failed})
    await advance(stage)
    assert await said(stage) == [("Central", "Version 1.2.0 was stopped: Kiosk 1 of Main centre: no start screen")]
    (stopped,) = await todos(stage)
    assert stopped.row("ar")["what"] == "أُوقف الإصدار 1.2.0: جهاز 1 في المركز الرئيسي: no start screen"
    assert "central_rollout_stopped 1.0" in (await stage.client.get("/metrics")).text
    await begin(stage, "1.2.1")
    assert await said(stage) == []
    async with stage.engine.begin() as connection:
        await rollout.stop(connection, rollout.BY_HAND)
    assert await said(stage) == [], "who stopped it by hand knows"


@pytest.mark.parametrize(
    ("days", "arabic"), [(2, "نحو يومين"), (5, "نحو 5 أيام"), (40, "نحو 40 يوماً"), (100, "نحو 100 يوم")]
)
def test_how_long_the_disk_lasts_is_counted_as_arabic_counts(days: int, arabic: str) -> None:
    said = Todo(kind="growth", count=days).row("ar")["what"]
    assert said == f"يكفي القرص {arabic} بحسب النمو الحالي"


async def test_growth_is_told_a_year_before_the_disk_is_full(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.enrolled()
    for days, expected in ((20, False), (40, True)):
        with monkeypatch.context() as patch:
            later(patch, days=days)
            async with reading(stage.engine) as connection:
                left = await growth.days_left(connection, stage.config, 100_000)
            assert (left is not None and left < growth.WITHIN_DAYS) is expected


async def test_of_a_database_on_another_machine_this_disk_says_nothing(stage: Stage) -> None:
    elsewhere = replace(stage.config, database_url="postgresql+asyncpg://db.example/central")
    async with reading(stage.engine) as connection:
        assert await growth.days_left(connection, elsewhere, 0) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_its_words_in_both_languages(language: Any) -> None:
    known = texts(language, FOLDER)
    assert {f"needs.{kind}{part}" for kind in KINDS for part in ("", ".do")} <= set(known)


async def test_a_copy_that_is_due_or_was_never_tried_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = await stage.enrolled()
    for hours, made, expected in (
        (24, False, []),
        (13, False, ["backup-old"]),
        (0, True, []),
        (37, False, ["backup-old"]),
    ):
        later(monkeypatch, hours=hours)
        await ruled(stage)
        await hear(stage, kiosk)
        if made:
            await copy(stage)
        assert [one.kind for one in await todos(stage)] == expected
    later(monkeypatch, days=8)
    await ruled(stage)
    await copy(stage)
    await hear(stage, kiosk)
    assert [one.kind for one in await todos(stage)] == ["backup-untried"]


async def test_machines_that_the_copy_brought_back_lacks_are_told_until_they_enrol_again(stage: Stage) -> None:
    await ruled(stage)
    lost = await stage.enrolled()
    async with stage.engine.begin() as connection:
        await connection.execute(delete(digits).where(digits.c.kiosk == lost.kiosk))
        await connection.execute(delete(kiosks).where(kiosks.c.id == lost.kiosk))
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)
    assert await todos(stage) == []
    assert (await stage.get_feed(lost)).status_code == 401
    (found,) = await todos(stage)
    assert (found.kind, found.count) == ("unknown-machines", 1)
    assert needs.seen_by([found], Operator("Huda", "administrator", frozenset({"homs-main"}))) == []
    again = await stage.try_enrol(lost, await stage.code(), former={"kiosk": lost.kiosk, "digit": lost.digit})
    assert again.status_code == 200
    assert "unknown-machines" not in [one.kind for one in await todos(stage)]


async def test_machines_that_were_revoked_after_the_copy_are_told_until_they_are_revoked_again(stage: Stage) -> None:
    await ruled(stage)
    stolen = await stage.enrolled()
    await stage.deliver(stolen, stolen.audit("kiosk-revoked"))
    (found,) = await todos(stage)
    assert (found.kind, found.count) == ("revoked-machines", 1)
    for language in LANGUAGES:
        assert all(found.row(language).values())
    async with stage.engine.begin() as connection:
        await enrolment.revoke(connection, stolen.kiosk)
    assert "revoked-machines" not in [one.kind for one in await todos(stage)]


async def copy(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        row = {"made_at": clock.as_text(clock.now()), "folder": "/var/backups/central/x", "bytes": 1}
        await connection.execute(insert(backups).values(row))


async def test_money_under_unknown_numbers_is_named_until_its_payer_s_books_say_that_it_went_back(stage: Stage) -> None:
    await ruled(stage)
    usual = {"payer": "bank", "currency": "SYP", "at": "2026-11-25T07:32:00.000000Z", "booked_at": None}
    rows = [
        ("R1", "paid", "B1", 12_500, None), ("R2", "paid", "B2", 100, None), ("R3", "paid", "B3", 100, "p3"),
        ("F2", "refunded", "B2", 60, None), ("R4", "paid", "B4", None, None), ("F5", "refunded", "B5", 7, None),
    ]  # fmt: skip
    async with stage.engine.begin() as connection:
        for receipt, kind, bill_no, amount, payment in rows:
            own = {"receipt": receipt, "kind": kind, "bill_no": bill_no, "amount": amount, "payment": payment}
            await connection.execute(insert(payer_entries).values(**usual, **own))
    (found,) = await todos(stage)
    assert (found.kind, found.count, found.since) == ("money-unknown", 2, usual["at"])
    assert found.row("en")["what"] == "Money has come under 2 numbers that count for no payment here"
    assert found.row("ar")["what"] == "وصلت مبالغ برقمين لا يُحسبان لأي عملية دفع هنا"
    assert needs.seen_by([found], Operator("Huda", "accountant")) == [found]
    assert needs.seen_by([found], Operator("Huda", "manager")) == []
    async with stage.engine.begin() as connection:
        for receipt, bill_no, amount in (("F1", "B1", 12_500), ("F3", "B2", 40)):
            back = {"receipt": receipt, "kind": "refunded", "bill_no": bill_no, "amount": amount, "payment": None}
            await connection.execute(insert(payer_entries).values(**usual, **back))
    assert await todos(stage) == []


async def test_refunds_that_are_due_are_counted_with_the_oldest_for_accountants_alone(stage: Stage) -> None:
    await ruled(stage)
    ends = ("refund-due", "refund-due", "refunded", "marked")
    async with stage.engine.begin() as connection:
        for number, state in enumerate(ends):
            row = payment_row(number, f"261125-0000-0000-000{number}", state, payer_receipt=str(number))
            await connection.execute(insert(payments).values(row))
    (found,) = await todos(stage)
    assert (found.kind, found.count, found.since) == ("refunds", 2, "2026-11-25T07:32:00.000000Z")
    assert found.row("en")["what"] == "2 payments are to be given back"
    assert found.row("ar")["what"] == "مبلغان يُعادان إلى صاحبيهما"
    seen = [
        role
        for role in get_args(Role)
        if needs.seen_by([found], Operator("Huda", role))
        or needs.seen_by([found], Operator("Huda", role, frozenset({"homs-main"})))
    ]
    assert seen == ["administrator", "accountant"]
    of_a_centre = Operator("Huda", "administrator", frozenset({"homs-main"}))
    assert needs.seen_by([found], of_a_centre) == []


@pytest.mark.parametrize(("left", "is_said"), [(timedelta(days=30), False), (timedelta(days=30, seconds=-1), True)])
async def test_a_certificate_is_said_within_thirty_days_of_its_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, left: timedelta, is_said: bool
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(needs, "ends_at", lambda _: now + left)
    assert [one.detail for one in await todos(stage) if one.kind == "certificate"] == (
        [{"end": f"{now + left:%Y-%m-%d}"}] if is_said else []
    )
