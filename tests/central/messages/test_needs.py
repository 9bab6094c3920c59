"""What needs somebody reaches staff by the channel that there is: once, and once when it is over."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from central.base.config import CentralConfig
from central.base.tables.enrolled import kiosks
from central.base.tables.messages import told
from central.base.tables.people import muted
from central.insight.public.texts import LANGUAGES
from central.kiosks import history
from central.kiosks.machine import Machine
from central.messages.needs import OfNeed
from central.messages.needs_words import words_of_need
from central.messages.texts import Said, compose
from central.offices.retention import rules
from central.offices.retention.kinds import kinds
from central.offices.upkeep import needs
from central.offices.upkeep.todo import KINDS, Todo
from common.messages.kind import fits
from common.messages.outbox import as_text
from common.messages.port import ChannelUnavailable
from tests.central.messages.conftest import NOON, PHONE, Post

HUB, KIOSK, OTHER = "hub-1", "kiosk-1", "kiosk-2"
SAMIR = {"number": PHONE, "name": "Samir", "kinds": ["needs"], "language": "en"}
STOPPED = "Hub 1, Main centre: does not answer"
PAPER = "Kiosk 1, Main centre: prints nothing"


@dataclass
class Staffed:
    """A centre with a hub and two kiosks that are well, in whose time a test moves on."""

    post: Post
    needs: OfNeed
    says: dict[str, dict[str, Any]]

    @property
    def texts(self) -> Sequence[str]:
        return [text for _, text in self.post.operator.sent]

    async def pass_by(self, minutes: int) -> None:
        """Let so much time pass, while each machine that is on says each minute how it is, and central looks."""
        kept = self.post
        for _ in range(minutes):
            kept.pass_by(seconds=61)
            async with kept.engine.begin() as connection:
                for name, more in self.says.items():
                    await history.keep(connection, name, json.dumps({"clock": "synced"} | more), as_text(kept.now))
            await kept.look(self.needs)

    async def name(self, centre: str | None, *people: object) -> None:
        said: dict[str, object] = {
            "centre": centre,
            "kinds": [],
            "hours": {"from": "08:00", "to": "21:00"},
            "staff": people,
        }
        await self.post.publish("messages", said)


def public_key(number: int) -> str:
    key = Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@pytest.fixture
async def staffed(post: Post, config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> Staffed:
    monkeypatch.setattr(needs, "LEAST_BYTES", 0)
    async with post.engine.begin() as connection:
        for kind in kinds():
            await rules.set_days(connection, kind, 400, "Rana")
        known = {"centre": "homs-main", "signing_kid": "", "enrolment_kid": "", "enrolled_at": as_text(NOON)}
        for number, (name, role) in enumerate(((HUB, "hub"), (KIOSK, "kiosk"), (OTHER, "kiosk"))):
            row = known | {
                "id": name,
                "role": role,
                "digit": number,
                "public_key": public_key(number),
            }
            await connection.execute(insert(kiosks).values(**row))
    return Staffed(post, OfNeed(config, post.ring), {HUB: {}, KIOSK: {}, OTHER: {}})


async def test_a_need_that_stands_is_told_once_and_once_that_it_is_over_each_time_that_it_comes(
    staffed: Staffed,
) -> None:
    await staffed.name(None, SAMIR)
    await staffed.pass_by(12)
    for round_ in range(2):
        staffed.says[HUB] = {"out_of_service": "stopped"}
        await staffed.pass_by(9)
        assert staffed.texts[2 * round_ :] == [], "a restart is no need of anybody"
        await staffed.pass_by(15)
        assert staffed.texts[2 * round_ :] == [STOPPED]
        staffed.says[HUB] = {}
        await staffed.pass_by(5)
        assert staffed.texts[2 * round_ :] == [STOPPED, f"Over: {STOPPED}"]


async def test_what_was_over_before_it_could_be_told_is_told_nobody(staffed: Staffed) -> None:
    await staffed.name(None, SAMIR)
    staffed.says[KIOSK] = {"paper": "Out"}
    staffed.post.operator.answers = [ChannelUnavailable("http")] * 5
    await staffed.pass_by(13)
    assert await staffed.post.states() == ["waiting"]
    staffed.says[KIOSK] = {}
    await staffed.pass_by(20)
    assert (staffed.texts, await staffed.post.states()) == ([], ["dropped"])


async def test_that_a_machine_falls_silent_or_is_worked_on_is_no_end_of_what_it_needed(staffed: Staffed) -> None:
    await staffed.name(None, SAMIR)
    staffed.says[KIOSK] = {"paper": "Out"}
    await staffed.pass_by(13)
    assert staffed.texts == [PAPER]
    del staffed.says[KIOSK]
    await staffed.pass_by(12)
    assert staffed.texts[1:] == ["Kiosk 1, Main centre: silent for ten minutes"]
    async with staffed.post.engine.begin() as connection:
        until = as_text(staffed.post.now + timedelta(minutes=10))
        await connection.execute(insert(muted).values(kiosk=KIOSK, until=until, operator="Rana"))
    await staffed.pass_by(5)
    assert len(staffed.texts) == 2, "somebody works there: that is no end of it"
    staffed.says[KIOSK] = {}
    await staffed.pass_by(8)
    assert sorted(staffed.texts[2:]) == sorted(f"Over: {text}" for text in staffed.texts[:2])


async def test_a_centre_that_is_dark_is_one_text_and_no_end_of_others(staffed: Staffed) -> None:
    await staffed.name(None, SAMIR)
    staffed.says[HUB] = {"out_of_service": "stopped"}
    await staffed.pass_by(13)
    on, staffed.says = staffed.says, {}
    await staffed.pass_by(15)
    assert staffed.texts == [STOPPED, "Main centre: nothing is heard of it"]
    async with staffed.post.engine.begin() as connection:
        for name in (KIOSK, OTHER):
            until = as_text(staffed.post.now + timedelta(minutes=4))
            await connection.execute(insert(muted).values(kiosk=name, until=until, operator="Rana"))
    await staffed.pass_by(5)
    assert staffed.texts[2:] == ["Hub 1, Main centre: silent for ten minutes"], "somebody works there, it is dark still"
    staffed.says = on
    await staffed.pass_by(3)
    assert staffed.texts[3:] == ["Over: Main centre: nothing is heard of it"]


async def test_of_machines_nobody_is_told_while_their_centre_is_closed(staffed: Staffed) -> None:
    await staffed.name(None, SAMIR)
    await staffed.post.publish("settings", {"kiosk.opens": "13:00", "kiosk.closes": "15:00"})
    staffed.says[KIOSK] = {"paper": "Out"}
    await staffed.pass_by(70)
    assert staffed.texts == [], "it is open for ten minutes: who was off for the night may be on his way up"
    await staffed.pass_by(10)
    assert staffed.texts == [PAPER]


@pytest.mark.parametrize(
    ("centre", "kinds", "heard"),
    [
        (None, ["needs"], [STOPPED, PAPER]),
        (None, ["staff-alarm"], [STOPPED]),  # of paper its hub tells
        (None, ["paper-out"], []),
        ("homs-main", ["needs"], [STOPPED, PAPER]),
        ("homs-main", ["staff-alarm"], []),
        ("homs-new", ["needs"], []),
    ],
)
async def test_who_is_named_for_it_is_told(
    staffed: Staffed, centre: str | None, kinds: list[str], heard: list[str]
) -> None:
    await staffed.name(centre, SAMIR | {"kinds": kinds})
    staffed.says |= {HUB: {"out_of_service": "stopped"}, KIOSK: {"paper": "Out"}}
    await staffed.pass_by(13)
    assert sorted(staffed.texts) == sorted(heard)


async def test_centrals_own_needs_are_for_who_is_named_for_all_and_no_app_hears_of_them(staffed: Staffed) -> None:
    await staffed.name(None, SAMIR)
    await staffed.name("homs-main", SAMIR | {"number": "+963944000222"})
    async with staffed.post.engine.begin() as connection:
        await rules.set_days(connection, "items", None, "Rana")
    await staffed.post.give_app()
    await staffed.pass_by(13)
    assert staffed.post.operator.sent == [(PHONE, "Central: data are kept without a rule")]
    staffed.post.operator.is_there = False
    async with staffed.post.engine.begin() as connection:
        await rules.set_days(connection, "items", 400, "Rana")
    await staffed.pass_by(5)
    assert staffed.post.app == []
    await staffed.name(None)
    staffed.post.operator.is_there = True
    await staffed.pass_by(3)
    assert len(staffed.texts) == 1, "who is not named any more is told of nothing"
    async with staffed.post.engine.connect() as connection:
        rows = (await connection.execute(select(told))).all()
    assert not [row for row in rows if PHONE in str(row)], "no number lies open"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_one_text_with_its_place_also_where_names_are_long(kind: str, language: Any) -> None:
    role = kind.partition("-")[0]
    of_machine = role in ("kiosk", "hub", "board", "centre")
    long = Machine(id="x", role="hub" if role != "kiosk" else "kiosk", centre="homs-" + "m" * 20, digit=2, number=2)
    for name in ("ن" * 12, "ن" * 60):
        machine = Machine(id="x", role=long.role, centre=long.centre, digit=2, number=2, name_ar=name, name_en=name)
        words = words_of_need(Todo(kind=kind, machine=machine if of_machine else None))
        said = Said(need=words)
        text = compose("staff-need", said, language)
        assert ": " in text
        assert text == words[language]
        over = compose("staff-need", Said(need=words, is_over=True), language)
        assert over.endswith(text)
        assert fits(over)
