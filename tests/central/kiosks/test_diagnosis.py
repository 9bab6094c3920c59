"""What was asked of a kiosk's log, when, and whether it answered, on its page."""

import base64

import msgspec
import pytest
from sqlalchemy import select, update

from central.base.tables.received import GONE, inbox
from central.base.tables.told import feed
from central.insight.public.texts import Language
from central.kiosks import diagnosis
from central.offices.drawing import draw
from central.offices.fleet import find_machine
from common.protocol.diagnosis import Diagnose, DiagnosisBody, LogLine
from tests.central.conftest import Stage
from tests.central.offices.test_fleet import ALL
from tests.kit.sender import Sender

OTHER = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
LINE = LogLine("2026-11-25T08:00:00.000000Z", "warning", "run", "device-lost", device="printer", state="NoDevice")


async def asked(stage: Stage, kiosk: str) -> str:
    async with stage.engine.begin() as connection:
        await diagnosis.ask(connection, kiosk)
    (row,) = await stage.all(select(feed.c.body).where(feed.c.kind == "diagnose").order_by(feed.c.id.desc()).limit(1))
    return msgspec.json.decode(row.body, type=Diagnose).request


async def page(stage: Stage, kiosk: Sender, language: Language = "en") -> str:
    async with stage.engine.begin() as connection:
        machine, log = await find_machine(connection, ALL, kiosk.kiosk), await diagnosis.read(connection, kiosk.kiosk)
    return draw("kiosk", language, ALL, machine=machine, changes=[], log=log, names={}).decode()


async def test_the_page_says_what_was_asked_and_whether_it_was_answered(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    assert "Its log of the last day" not in await page(stage, kiosk)
    request = await asked(stage, kiosk.kiosk)
    assert "it has not answered yet" in await page(stage, kiosk)
    await stage.deliver(
        kiosk, kiosk.item(DiagnosisBody("5b1f6f0a-1111-4c3e-9d2a-000000000001", [LINE], 0), "diagnosis")
    )
    assert "it has not answered yet" in await page(stage, kiosk), "that was another request's"
    await stage.deliver(kiosk, kiosk.item(DiagnosisBody(request, [LINE], 7), "diagnosis"))
    drawn = await page(stage, kiosk)
    for words in ("Lines that had no room: 7.", "Warning", "device-lost", "device: printer, state: NoDevice"):
        assert words in drawn
    drawn = await page(stage, kiosk, "ar")
    for words in ("ليس فيه أي بيانات شخصية", "تحذير", "device-lost"):
        assert words in drawn
    async with stage.engine.begin() as connection:
        await connection.execute(update(inbox).where(inbox.c.kind == "diagnosis").values(body=GONE))
    assert "a rule of retention has deleted what it said" in await page(stage, kiosk)


async def test_one_kiosk_alone_hears_of_it_and_a_hub_is_not_asked(stage: Stage) -> None:
    kiosk, other, hub = await stage.enrolled(), await stage.enrolled(), await stage.enrolled_hub()
    for one in (kiosk, other):
        await stage.deliver(one, health={"version": "1.1.0"})
    await asked(stage, kiosk.kiosk)
    kinds = [[message.kind for message in (await stage.feed(one)).messages] for one in (kiosk, other)]
    assert ["diagnose" in told for told in kinds] == [True, False]
    async with stage.engine.begin() as connection:
        with pytest.raises(diagnosis.DiagnosisRefused, match="journalctl -u hub -u hub-forward"):
            await diagnosis.ask(connection, hub.kiosk)


async def test_lines_with_anything_else_in_them_are_set_apart(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    line = msgspec.to_builtins(LINE) | {"person": "سمر"}
    body = {"request": OTHER, "lines": [line], "left_out": 0}
    item = kiosk.rehashed(kiosk.audit(), kind="diagnosis", body=base64.b64encode(msgspec.json.encode(body)).decode())
    answer = await stage.deliver(kiosk, item)
    assert [(one.result, one.reason) for one in answer.results] == [("quarantined", "unreadable-body")]
