import asyncio
import base64
import socket
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from central.base.tables.ordered import opened
from central.base.tables.received import findings, inbox
from central.intake.receiving import finding
from central.intake.unsealing import kept, unsealing
from central.intake.unsealing.process import UNKNOWN_KEY, OpeningProcess, SealedItem, Unsealed, open_item
from central.keys.keys import KeyMissingError, KeyRing
from central.server import serving as server
from common.protocol.central_keys import key_id
from common.protocol.envelope import Item, Sealed, TicketBody
from common.protocol.feed_message import CentralKeyRecord
from common.web.runner import CannotListen
from tests.central.conftest import Stage
from tests.kit.sender import Sender


def sealed_ticket(sender: Sender, sealed: Sealed, item_id: str | None = None) -> Item:
    return sender.item(TicketBody("A1001", "civil-affairs", "2026-11-25", sealed=sealed), "ticket", item_id)


def ticket_of(sender: Sender, name: str = "ليلى") -> Item:
    item_id = sender.ticket().id
    sender.seq -= 1
    return sealed_ticket(sender, sender.sealed(item_id, person={"name": name}), item_id)


async def states(stage: Stage) -> list[str | None]:
    return [row.seal_state for row in await stage.all(select(inbox.c.seal_state).order_by(inbox.c.arrival))]


async def test_sealed_parts_are_opened_aside_from_the_request(stage: Stage) -> None:
    sender = await stage.enrolled()
    chain = Sender(sender.kiosk, sender.url, sender.key, sender.sealing, central_keys=sender.central_keys)
    assert await stage.results(chain, ticket_of(chain)) == [("applied", None)]
    async with asyncio.timeout(40):
        while await states(stage) != ["opened"]:
            assert (await stage.client.get("/healthz")).status_code == 200
    (row,) = await stage.all(select(opened))
    assert "ليلى" not in row.content
    async with stage.engine.begin() as connection:
        found = await kept.read(connection, stage.ring.vault(), row.kiosk, row.item)
    assert found is not None
    assert found.content == {"person": {"name": "ليلى"}}


async def test_a_seal_of_another_item_does_not_open_and_raises_an_alarm(stage: Stage) -> None:
    sender = await stage.enrolled()
    moved = sealed_ticket(sender, sender.sealed(sender.ticket().id, person={"name": "ليلى"}))
    assert await stage.results(sender, moved) == [("applied", None)]
    await stage.unseal()
    assert await states(stage) == ["unsealable"]
    assert [row.code for row in await stage.all(select(findings))] == ["unsealable-does-not-open"]
    ready = (await stage.client.get("/readyz")).json()
    assert ready["conditions"]["unsealable"] == 1
    assert any("unseal" in warning for warning in ready["warnings"])
    assert await stage.results(sender, moved) == [("duplicate", None)]


async def test_a_seal_to_a_key_that_is_not_centrals_is_set_aside_and_the_rest_goes_on(stage: Stage) -> None:
    sender = await stage.enrolled()
    foreign = X25519PrivateKey.generate().public_key().public_bytes_raw()
    stranger = Sender(sender.kiosk, sender.url, sender.key, central_keys=sender.central_keys, epoch=sender.epoch)
    stranger.sealing = CentralKeyRecord(key_id(foreign), base64.b64encode(foreign).decode())
    bad, good = ticket_of(stranger), ticket_of(Sender(sender.kiosk, sender.url, sender.key, sender.sealing))
    await stage.deliver(sender, bad, good)
    await stage.unseal()
    assert sorted(str(state) for state in await states(stage)) == ["opened", "unsealable"]


async def test_after_a_rotation_old_items_open_with_the_old_key_and_new_ones_with_the_new(stage: Stage) -> None:
    sender = await stage.enrolled()
    old = ticket_of(sender)
    await stage.publish("central-keys", {"rotate": ["sealing"]})
    again = await stage.try_enrol(sender, await stage.code())
    sender.sealing = msgspec.convert(again.json()["sealing_key"], CentralKeyRecord)
    new = ticket_of(sender)
    assert msgspec.json.decode(base64.b64decode(old.body))["sealed"]["kid"] != sender.sealing.kid
    await stage.deliver(sender, old, new)
    await stage.unseal()
    assert await states(stage) == ["opened", "opened"]


@pytest.mark.parametrize("fault", ["lost", "cut short", "another key", "no file"])
def test_a_key_that_cannot_be_used_is_no_fault_of_the_item(tmp_path: Path, fault: str) -> None:
    kid, public = KeyRing(tmp_path).make("sealing")
    key = tmp_path / f"{kid}.sealing"
    data = key.read_bytes()
    key.unlink()
    if fault == "no file":
        key.mkdir()
    elif fault != "lost":
        key.write_bytes(data[:-1] if fault == "cut short" else data[::-1])
    item = ticket_of(Sender("kiosk-1", "", sealing=CentralKeyRecord(kid, base64.b64encode(public).decode())))
    asked = SealedItem(item.id, "kiosk-1", item.epoch, item.kind, item.body)
    assert open_item(asked, KeyRing(tmp_path)).reason == UNKNOWN_KEY
    with pytest.raises(KeyMissingError, match=r"restore it from the backup|use the data folder"):
        KeyRing(tmp_path).sealing(kid)


async def test_a_lost_key_s_file_comes_back_from_the_database(stage: Stage) -> None:
    sender = await stage.enrolled()
    assert sender.sealing is not None
    (stage.config.keys_dir / f"{sender.sealing.kid}.sealing").unlink()
    await stage.deliver(sender, ticket_of(sender))
    await stage.unseal()
    assert await states(stage) == ["opened"]


async def test_what_could_not_be_opened_for_want_of_its_key_is_opened_once_that_is_back(
    stage: Stage, tmp_path: Path
) -> None:
    """As after a restore to before a rotation that another machine made."""
    sender = await stage.enrolled()
    kid, public = KeyRing(tmp_path / "other").make("sealing")
    sender.sealing = CentralKeyRecord(kid, base64.b64encode(public).decode())
    await stage.deliver(sender, ticket_of(sender))
    await stage.unseal()
    assert await states(stage) == ["unsealable"]
    (tmp_path / "other" / f"{kid}.sealing").rename(stage.config.keys_dir / f"{kid}.sealing")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotListen):
        # A start that gets as far as the database.
        await server.serve(stage.config, "127.0.0.1", taken.getsockname()[1], print)
    await stage.unseal()
    assert await states(stage) == ["opened"]
    assert not await stage.all(select(findings).where(findings.c.code.startswith("unsealable")))


async def test_a_finding_of_a_lost_key_that_somebody_has_settled_does_not_come_back(
    stage: Stage, tmp_path: Path
) -> None:
    sender = await stage.enrolled()
    kid, public = KeyRing(tmp_path / "other").make("sealing")
    sender.sealing = CentralKeyRecord(kid, base64.b64encode(public).decode())
    await stage.deliver(sender, ticket_of(sender))
    await stage.unseal()
    of_key = select(findings).where(findings.c.code.startswith("unsealable"))
    (found,) = await stage.all(of_key)
    async with stage.engine.begin() as connection:
        await finding.settle(connection, found.id, "Samir")
    async with stage.engine.begin() as connection:  # at each start
        await unsealing.try_keys_again(connection)
    await stage.unseal()
    assert await states(stage) == ["unsealable"]
    assert await stage.all(of_key.where(finding.is_open)) == []


async def test_a_step_takes_no_more_than_fits_the_memory_and_at_least_one_item(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    really_open = OpeningProcess.open

    async def counted(process: OpeningProcess, items: Sequence[SealedItem]) -> list[Unsealed]:
        steps.append(len(items))
        return await really_open(process, items)

    monkeypatch.setattr(OpeningProcess, "open", counted)
    monkeypatch.setattr(unsealing, "CHARACTERS_A_STEP", 10)
    sender = await stage.enrolled()
    await stage.deliver(sender, ticket_of(sender), ticket_of(sender))
    await stage.unseal()
    assert set(steps) == {1}


@given(kid=st.text("0123456789abcdef", min_size=1, max_size=9), data=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_sealed_part_whatever_it_holds_stops_the_worker(kid: str, data: bytes) -> None:
    private = X25519PrivateKey.generate()
    ring = cast("Any", SimpleNamespace(sealing=lambda _: private))
    sealed = Sealed(kid, base64.b64encode(data).decode())
    item = sealed_ticket(Sender("kiosk-1", ""), sealed)
    assert open_item(SealedItem(item.id, "kiosk-1", item.epoch, item.kind, item.body), ring).content is None


async def test_content_nested_as_deep_as_it_fits_is_set_aside_and_the_rest_goes_on(stage: Stage) -> None:
    sender = await stage.enrolled()
    good = ticket_of(sender)
    item_id = str(uuid.uuid4())
    deep = sender.sealed_bytes(item_id, b'{"x":' + b"[" * 90_000)
    await stage.deliver(
        sender, sender.item(TicketBody("A1002", "x", "2026-11-25", sealed=deep), "ticket", item_id), good
    )
    await stage.unseal()
    assert await states(stage) == ["opened", "unsealable"]
