"""A hub's word that was kept before a rule was made stricter: it costs nobody an answer, and its term still counts."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.received import waiting_lists
from central.base.tables.visited import tickets
from central.insight.visits.recall import recall
from central.kiosks.contacts import Contacts
from central.levels.reconciling import reconcile
from central.messages import watching
from central.messages.kinds import KINDS
from central.offices.upkeep import needs
from central.offices.upkeep.needs import what_needs_somebody
from common.protocol.envelope import TicketBody
from common.protocol.queue.call import WaitingList
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender

TOKEN = "0123456789abcdef" * 2


async def keep_word(stage: Stage, hub: Sender) -> None:
    """Keep a word as an earlier central took it, with a time that cannot be."""
    said = WaitingList("lost", "2026-11-25", 7, {}, [], 9, 700)
    row = {"hub": hub.kiosk, "list": msgspec.json.encode(said).decode(), "at": clock.as_text(clock.now())}
    async with stage.engine.begin() as connection:
        await connection.execute(insert(waiting_lists).values(**row))


async def test_a_hub_that_begins_hears_the_term_and_the_log_of_before(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    await keep_word(stage, hub)
    found = await recall(stage.engine, "homs-main")
    assert (found.term, found.hub, found.seq) == (7, hub.kiosk, 9)


async def test_a_hub_in_the_place_of_a_revoked_one_serves_above_its_term(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    await keep_word(stage, hub)
    await stage.revoke(hub)
    place = {"role": "hub", "address": "https://10.0.0.6:8090"}
    answer = await stage.try_enrol(Sender("", URL), await stage.code(role="hub"), **place)
    assert (answer.status_code, answer.json()["term"]) == (200, 8)


async def test_its_board_is_said_to_be_silent(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)
    hub = await stage.enrolled_hub()
    await keep_word(stage, hub)
    heard = Contacts(stage.engine)
    heard.note(hub.kiosk)
    await heard.write()
    async with reading(stage.engine) as connection:
        found = await what_needs_somebody(connection, stage.config, Path("/no/certificate.pem"))
    assert "board-silent" in [one.kind for one in found]


async def test_it_keeps_no_message_of_others_waiting(stage: Stage) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    body = TicketBody("A1014", "clearance", "2026-11-25", token=TOKEN)
    await stage.deliver(kiosk, kiosk.item(body, "ticket"))
    await stage.all_read()
    await keep_word(stage, hub)
    async with stage.engine.begin() as connection:
        (ticket,) = (await connection.execute(tickets.select())).all()
        watch = await watching.ask(connection, ticket)
        for kind in KINDS:
            await reconcile(connection, kind, clock.now())
        assert watch == await watching.is_on(connection, ticket)
