"""Who was told an alarm, handed from one hub to another: a page that says nothing of it stays as it is."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import insert, update

from common.messages import outbox
from common.protocol.feed_message import HubRecord
from common.protocol.staff import StaffRecord
from hub.log import tables
from hub.messages.staff import mark_of
from hub.messages.told import as_own, with_told
from hub.takeover.replica import log_page
from tests.hub.messages.conftest import KEY, MANAGER, PEOPLE, TECHNICIAN, Desk, name_staff

OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PAPER, BATTERY = "paper-out/kiosk-1", "on-battery/"
FORMER = "+963944000333"


def hub_of(key: Ed25519PrivateKey) -> HubRecord:
    return HubRecord("hub-9", "", base64.b64encode(key.public_key().public_bytes_raw()).decode())


def test_a_page_without_a_word_of_staff_or_for_a_hub_that_names_nobody_stays_as_it_is(desk: Desk) -> None:
    with desk.hall.hub.read() as look:
        page = log_page(look, 0)
        assert page.staff is not None
        older = replace(page, staff=None)
        assert with_told(older, look, KEY, hub_of(OTHER_KEY)) is older
        assert as_own(older, look.connection, KEY, hub_of(OTHER_KEY)) is older
        assert as_own(page, look.connection, KEY, hub_of(OTHER_KEY)) is page, "nobody is named in it"
        assert with_told(page, look, OTHER_KEY, hub_of(KEY)) is page, "the list of staff does not open by this key"
        told = replace(page, staff=replace(page.staff, told={PAPER: ["a"]}))
        assert as_own(told, look.connection, OTHER_KEY, hub_of(KEY)) == page, "what was known before stays"


def test_who_was_told_each_alarm_is_handed_on_and_read_whole(desk: Desk) -> None:
    name_staff(desk.hall, [*PEOPLE, StaffRecord(FORMER, "Abu Samir", [])])
    marks = {number: mark_of(number, KEY) for number in (TECHNICIAN, MANAGER, FORMER)}
    now = outbox.as_text(desk.now)
    message = outbox.new("staff-alarm", desk.now) | {"text": "x", "state": "handed", "handed_at": now}
    waits = outbox.new("staff-alarm", desk.now) | {"text": "x", "state": "waiting"}
    with desk.hall.hub.store.write() as connection:
        for digits, (name, kind) in enumerate(((PAPER, "paper-out"), (BATTERY, "on-battery")), 10):
            row = {"name": name, "kind": kind, "machine": "", "digits": str(digits), "since": now}
            connection.execute(insert(tables.alarms).values(row))
        connection.execute(
            update(tables.alarms).where(tables.alarms.c.name == PAPER).values(told_to=f'["{marks[FORMER]}","gone"]')
        )
        for more in (
            message | {"alarm": PAPER, "person": marks[TECHNICIAN]},
            message | {"id": "again", "alarm": PAPER, "person": marks[TECHNICIAN]},
            message | {"id": "over", "alarm": "paper-out/kiosk-2", "person": marks[TECHNICIAN]},
            waits | {"alarm": BATTERY, "person": marks[MANAGER]},
        ):
            connection.execute(insert(tables.messages).values(more))
    with desk.hall.hub.read() as look:
        page = with_told(log_page(look, 0), look, KEY, hub_of(OTHER_KEY))
    assert page.staff is not None
    assert page.staff.told is not None
    assert {name: [len(mark) for mark in found] for name, found in page.staff.told.items()} == {PAPER: [32, 32]}
    name_staff(desk.hall, [*PEOPLE, StaffRecord(FORMER, "Abu Samir", [])], OTHER_KEY)
    with desk.hall.hub.read() as look:
        read = as_own(page, look.connection, OTHER_KEY, hub_of(KEY)).staff
    assert read is not None
    assert read.told == {PAPER: sorted(mark_of(number, OTHER_KEY) for number in (TECHNICIAN, FORMER))}
