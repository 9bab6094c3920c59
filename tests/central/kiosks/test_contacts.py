"""Whatever a kiosk or hub asks is a sign of life; one that gives none for ten minutes is named."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.received import contacts as contacts_table
from central.kiosks import contacts, fleet
from central.kiosks.contacts import Contacts
from central.kiosks.machine import SILENT_AFTER
from central.server.api.metrics import HEARD_AT
from tests.central.conftest import Stage


async def silent(stage: Stage) -> dict[str, str]:
    async with reading(stage.engine) as connection:
        return {one.id: one.name for one in await contacts.in_service(connection) if one.is_silent(clock.now())}


async def heard(stage: Stage) -> None:
    """Have written down who was heard, as the server does twice a minute."""
    provided: Any = stage.app.dependencies["central"]
    await provided.dependency().contacts.write()


def later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    moment = clock.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: moment)


async def test_a_poll_of_the_feed_is_a_sign_of_life_of_kiosks_and_hubs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, leading, standby = await stage.enrolled(), await stage.enrolled_hub(), await stage.enrolled_hub()
    assert await silent(stage) == {}
    later(monkeypatch, SILENT_AFTER.total_seconds() / 60 + 1)
    assert await silent(stage) == {
        kiosk.kiosk: "kiosk 1 of Main centre",
        leading.kiosk: "hub 1 of Main centre",
        standby.kiosk: "hub 2 of Main centre",
    }
    for sender in (kiosk, leading, standby):
        await stage.feed(sender)
    await heard(stage)
    assert await silent(stage) == {}
    later(monkeypatch, SILENT_AFTER.total_seconds() / 60 + 1)
    await stage.feed(standby)
    await heard(stage)
    assert set(await silent(stage)) == {kiosk.kiosk, leading.kiosk}


async def test_a_batch_is_a_sign_of_life_too_and_a_forged_request_is_none(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await stage.enrolled(), await stage.enrolled()
    later(monkeypatch, SILENT_AFTER.total_seconds() / 60 + 1)
    await stage.deliver(first, first.ticket())
    path = f"/v1/kiosks/{second.kiosk}/feed"
    forged = first.signature("GET", path, keyid=second.kiosk)
    assert (await stage.client.get(path, headers=forged)).status_code == 401
    await heard(stage)
    assert set(await silent(stage)) == {second.kiosk}
    rows = {row.kiosk: row.heard_at for row in await stage.all(fleet.listing)}
    assert rows[first.kiosk] is not None
    assert rows[second.kiosk] is None


async def test_metrics_name_each_machine_of_each_centre_and_none_that_was_revoked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, hub, gone = await stage.enrolled("homs-new"), await stage.enrolled_hub(), await stage.enrolled()
    enrolled = clock.now().timestamp()
    later(monkeypatch, SILENT_AFTER.total_seconds() / 60 + 1)
    await stage.feed(kiosk)
    await heard(stage)
    page = (await stage.client.get("/metrics")).text
    place = f'{HEARD_AT}{{centre="homs-main",digit="1",machine="{gone.kiosk}",role="kiosk"}} '
    at = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in page.splitlines()
        if line.startswith(HEARD_AT)
    }
    assert abs(at[place.strip()] - enrolled) < 60
    assert abs(at[f'{HEARD_AT}{{centre="homs-main",digit="0",machine="{hub.kiosk}",role="hub"}}'] - enrolled) < 60
    (heard_at,) = [value for place, value in at.items() if kiosk.kiosk in place]
    assert abs(heard_at - clock.now().timestamp()) < 60
    assert "central_kiosks_quiet 1.0" in page
    assert "central_hubs_quiet 1.0" in page
    await stage.revoke(gone)
    page = (await stage.client.get("/metrics")).text
    assert place not in page
    assert "central_kiosks_quiet 0.0" in page


async def test_of_two_processes_the_later_word_stays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Contacts(stage.engine), Contacts(stage.engine)
    one.note("kiosk-00000001")
    later(monkeypatch, 1)
    other.note("kiosk-00000001")
    await other.write()
    await one.write()
    assert [row.at for row in await stage.all(select(contacts_table))] == [clock.as_text(clock.now())]


async def test_what_could_not_be_written_is_written_with_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Contacts(stage.engine)
    kept.note("kiosk-00000001")

    async def broken(*_: object) -> None:
        raise SQLAlchemyError

    with monkeypatch.context() as patch:
        patch.setattr(contacts, "_write", broken)
        with pytest.raises(SQLAlchemyError):
            await kept.write()
    await kept.write()
    assert [row.kiosk for row in await stage.all(select(contacts_table))] == ["kiosk-00000001"]
