"""Delivery as a technician sees and helps it."""

import copy
from datetime import timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from common.machine.clock import SystemClock
from kiosk.health import Outbox
from kiosk.prompts.ui import Back
from kiosk.runtime.parts import OpenStore
from kiosk.runtime.self_test import outbox_of
from offline_store.disk import tables
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop


async def test_delivery_is_asked_for_and_a_refused_item_goes_out_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.maintenance.central.delivery.TRY_WITHIN_S", 0.0)
    ticket, _ = give(workshop, "A")
    with workshop.store.write() as connection:
        connection.execute(
            tables.items.update().where(tables.items.c.id == ticket).values(state="dead", reason="bad-hash")
        )
    workshop.health = replace(workshop.health, outbox=Outbox(waiting=2, dead=1))
    await workshop.play(
        ("overview", "outbox"),
        ("outbox", "try_now"),
        ("tried", Back()),
        ("outbox", "dead"),
        ("dead", ticket),
        ("outbox", Back()),
        OVER,
    )
    with workshop.store.read() as connection:
        assert connection.execute(tables.items.select().where(tables.items.c.id == ticket)).one().state == "waiting"
        assert connection.execute(tables.delivery.select()).one().try_now == 1


async def test_what_was_refused_says_why_in_words_and_by_its_code(workshop: Workshop) -> None:
    reasons = ["rejected: bad-hash", "conflict: sequence-taken", "rejected: something-new"]
    given = [give(workshop, "A")[0] for _ in reasons]
    with workshop.store.write() as connection:
        for ticket, reason in zip(given, reasons, strict=True):
            refused = tables.items.update().where(tables.items.c.id == ticket)
            connection.execute(refused.values(state="dead", reason=reason))
    workshop.health = replace(workshop.health, outbox=Outbox(dead=3))
    display = await workshop.play(
        ("overview", "outbox"), ("outbox", "dead"), ("dead", Back()), ("outbox", Back()), OVER
    )
    lines = {line.id: line for line in display.seen[-3].lines}
    assert [lines[ticket].value.msgid.rpartition(".")[2] for ticket in given] == ["bad-hash", "sequence-taken", "other"]
    assert [lines[ticket].note.values["value"] for ticket in given] == reasons
    export = next(button for button in display.seen[-2].buttons if button.id == "export")
    assert not export.availability.is_offered  # central would refuse these again


def test_what_waits_since_before_a_power_cut_keeps_its_age_where_clocks_can_be_trusted(workshop: Workshop) -> None:
    opened, stamp = OpenStore(workshop.store, cast("SystemClock", workshop.clock)), workshop.clock.now()
    days_later = copy.replace(stamp, wall_time=stamp.wall_time + timedelta(days=3), boot_id="another", boot_time_ns=60)
    assert outbox_of(opened, copy.replace(stamp, boot_time_ns=stamp.boot_time_ns + 7_000_000_000)).oldest_s == 7
    assert outbox_of(opened, days_later).oldest_s == 3 * 86_400
    assert outbox_of(opened, copy.replace(days_later, wall_time=stamp.wall_time - timedelta(days=1))).oldest_s == 0
    assert outbox_of(opened, copy.replace(days_later, trust="unknown")).oldest_s is None
