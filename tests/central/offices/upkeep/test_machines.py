"""What a kiosk says is wrong with it stands on the one list, until it says otherwise."""

from datetime import timedelta
from typing import Any

import pytest

from central.base import clock
from central.base.database.transactions import reading
from central.insight.public.texts import LANGUAGES
from central.kiosks.contacts import Contacts
from central.kiosks.state import SYMPTOMS, Need
from central.offices.fleet import find_machine, mute
from central.offices.operators import Operator
from central.offices.upkeep import machines
from central.offices.upkeep.todo import KINDS, Todo, by_urgency
from common.protocol.queue.call import WaitingList
from tests.central.conftest import Stage
from tests.kit.sender import Sender

WELL: dict[str, Any] = {"version": "1.0.0", "clock": "synced", "paper": "Full", "disk_free_bytes": 5_000_000_000}
RANA = Operator("Rana", "manager")


async def ill(stage: Stage) -> list[Todo]:
    async with reading(stage.engine) as connection:
        return await machines.ill(connection)


def at(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def say(stage: Stage, sender: Sender, **said: Any) -> None:
    await stage.deliver(sender, health=WELL | said)


@pytest.mark.parametrize(
    ("said", "kinds", "words"),
    [
        ({}, [], ""),
        ({"out_of_service": "store"}, ["closed"], "Its screen says that it is out of service: Store"),
        ({"paper": "Out"}, ["paper"], "It prints nothing. Paper: Out"),
        ({"devices": {"printer": "Online", "scanner": "NoDevice"}}, ["device"], "Does not work: Scanner"),
        ({"disk_free_bytes": 999_999_999}, ["disk"], "Less than 1 GB is free on its disk"),
        ({"disk_free_bytes": 1_000_000_000}, [], ""),
        ({"alarms": ["ntp-refused"], "outbox": {"dead": 2}}, ["alarm"],
         "It raised an alarm: Time server refused, Refused records"),
        ({"left_out": {"setting kiosk.opens": "no time"}}, ["left-out"],
         "It cannot use what was published: setting kiosk.opens"),
        ({"paper_left_m": 0}, ["paper-low"], "Little paper is left"),
        ({"update": {"version": "1", "lacks": "source"}}, ["updates"],
         "No version comes to it by itself: it has no address of packages"),
        ({"update": {"lacks": "went-back"}}, ["went-back"],
         "It did not come up with Debian's packages of a night, and has gone back to those before"),
        ({"power": "battery"}, ["battery"], "It runs on its battery"),
        ({"outbox": {"waiting": 201}}, ["backlog"], "201 records wait there to be sent"),
        ({"paper": "Out", "paper_left_m": 0, "power": "battery"}, ["paper", "battery"],
         "It prints nothing. Paper: Out"),
    ],
)  # fmt: skip
async def test_what_a_kiosk_says_is_wrong_with_it_is_named(
    stage: Stage, said: dict[str, Any], kinds: list[str], words: str
) -> None:
    kiosk = await stage.enrolled()
    await say(stage, kiosk, **said)
    found = await ill(stage)
    assert [one.kind for one in found] == [f"kiosk-{kind}" for kind in kinds]
    assert [one.row("en")["what"] for one in found][:1] == [words] * bool(kinds)
    for language in LANGUAGES:
        assert all(row["what"] and row["do"] and row["where"] for row in (one.row(language) for one in found))
    await say(stage, kiosk)
    assert await ill(stage) == []


async def test_a_machine_whose_forwarder_alone_lives_is_named_and_of_all_else_that_it_said_nothing(
    stage: Stage,
) -> None:
    kiosk, hub = await stage.enrolled(), await stage.enrolled_hub()
    await say(stage, kiosk, out_of_service="stopped", paper="Out")
    await stage.deliver(hub, health={"version": "1.0.0", "out_of_service": "stopped"})
    found = await ill(stage)
    assert sorted(one.kind for one in found) == ["hub-stopped", "kiosk-stopped"]
    assert all(one.since for one in found)
    words = {one.kind: one.row("en")["what"] for one in found}
    assert words["kiosk-stopped"] == "It serves nobody, though its machine is heard"
    assert str(words["hub-stopped"]).startswith("It does not answer at its address, though its machine is heard")
    await say(stage, kiosk)
    await stage.deliver(hub, health={"version": "1.0.0", "update": {"lacks": "timer"}})
    assert [one.row("en")["what"] for one in await ill(stage)] == [
        "No version comes to it by itself: its nightly timer is off"
    ]
    await stage.deliver(hub, health={"version": "1.0.0", "update": {}, "boards": {"10.0.0.9": "source"}})
    (board,) = await ill(stage)
    assert board.row("en") == {
        "what": "No version comes by itself to the board at 10.0.0.9: it has no address of packages",
        "where": "Board of Main centre",
        "since": board.since,
        "do": "hub doctor on the hub says what to type on the board's machine. Until then no version comes to it.",
    }
    await stage.deliver(hub, health={"version": "1.0.0", "update": {}, "boards": {"10.0.0.9": "held"}})
    (board,) = await ill(stage)
    assert str(board.row("en")["what"]).endswith(": homs-board is held at another version than its hub's")
    await stage.deliver(hub, health={"version": "1.0.0", "update": {}, "boards": {}})
    assert await ill(stage) == []


async def test_a_word_that_means_nothing_of_a_hub_leaves_all_else_on_the_list(stage: Stage) -> None:
    hub, kiosk = await stage.enrolled_hub(), await stage.enrolled()
    await say(stage, kiosk, paper="Out")
    await stage.deliver(
        hub, health={"version": "1.0.0", "paper": "Out", "out_of_service": "x", "update": {"lacks": "key"}}
    )
    assert [one.kind for one in by_urgency(await ill(stage))] == ["kiosk-paper", "hub-updates"]
    async with reading(stage.engine) as connection:
        found = await find_machine(connection, RANA, hub.kiosk)
    assert found is not None
    assert found.need is Need.SOON


@pytest.mark.parametrize(
    ("alarms", "words"),
    [
        (["pin-refused", "pin-tries-1"], "The SIM refused its PIN: no text goes out, one more wrong PIN locks the SIM"),
        (["modem-down", "dead-letters"], "The modem sends no text, Refused records"),
    ],
)
async def test_a_hub_whose_texts_do_not_go_out_is_named_with_what_its_card_bears(
    stage: Stage, alarms: list[str], words: str
) -> None:
    hub = await stage.enrolled_hub()
    await stage.deliver(hub, health={"version": "1.0.0", "alarms": alarms})
    (found,) = await ill(stage)
    row = found.row("en")
    assert (row["what"], row["where"]) == (f"It raised an alarm: {words}", "Hub 1 of Main centre")
    assert "alarm." not in str(found.row("ar"))


async def test_of_two_hubs_it_is_said_which_one_it_is_and_whether_it_leads(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads, follows = await stage.enrolled_hub(), await stage.enrolled_hub()
    await stage.deliver(leads, waiting=WaitingList(clock.as_text(clock.now()), "2026-11-25", 1, {}))
    for hub in (leads, follows):
        await stage.deliver(hub, health={"version": "1.0.0", "out_of_service": "stopped"})
    found = {one.machine.id: one for one in await ill(stage) if one.machine}
    assert [found[hub.kiosk].row("en")["where"] for hub in (leads, follows)] == [
        "Hub 1 of Main centre (leads)",
        "Hub 2 of Main centre",
    ]
    assert found[leads.kiosk].row("ar")["where"] == "خادم المركز 1 في المركز الرئيسي (القائد)"
    heard, begun = Contacts(stage.engine), clock.now()
    at(monkeypatch, begun + timedelta(minutes=11))
    heard.note(follows.kiosk)
    await heard.write()
    (silent,) = [one for one in await ill(stage) if one.kind == "hub-silent"]
    assert silent.row("en")["where"] == "Hub 1 of Main centre (led when it was last heard)"
    assert silent.row("ar")["where"] == "خادم المركز 1 في المركز الرئيسي (القائد حتى آخر خبر منه)"


async def test_a_kiosk_that_is_heard_and_has_not_said_how_it_is_for_two_hours_is_named(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, new, begun = await stage.enrolled(), await stage.enrolled("homs-new"), clock.now()
    await say(stage, kiosk, paper="Out")
    said = clock.as_text(clock.now())
    heard = Contacts(stage.engine)
    for passed, kinds in ((119, ["kiosk-paper"]), (121, ["kiosk-mute", "kiosk-mute"])):
        at(monkeypatch, begun + timedelta(minutes=passed))
        for one in (kiosk, new):
            heard.note(one.kiosk)
        await heard.write()
        found = await ill(stage)
        assert [one.kind for one in found] == kinds
    assert [str(one.since)[:16] for one in found] == [said[:16], "None"], "the new one never said anything"


def test_each_symptom_has_its_place_on_the_list_the_urgent_ones_before_those_that_can_wait() -> None:
    assert all(f"{role}-{one.name}" in KINDS for one in SYMPTOMS for role in one.roles)
    places = {one.need: KINDS.index(f"{one.roles[0]}-{one.name}") for one in SYMPTOMS}
    assert sorted(places) == sorted(places, key=places.__getitem__)
    assert min(one.need for one in SYMPTOMS) is Need.CLOSED


async def test_since_when_it_stands_is_when_it_was_first_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk, begun = await stage.enrolled(), clock.now()
    for minutes, paper in ((0, "Out"), (10, "Low"), (20, "Jammed"), (30, "Out")):
        at(monkeypatch, begun + timedelta(minutes=minutes))
        await say(stage, kiosk, paper=paper)
    (found,) = await ill(stage)
    assert found.since == clock.as_text(begun + timedelta(minutes=20)), "a paper that jammed and ended is one trouble"
    await say(stage, kiosk, outbox={"waiting": 900})
    assert [(one.kind, one.since) for one in await ill(stage)] == [("kiosk-backlog", None)], "of this nobody knows it"


async def test_the_word_of_a_machine_that_is_silent_or_worked_on_is_none(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, begun = await stage.enrolled(), clock.now()
    await say(stage, kiosk, paper="Out")
    async with stage.engine.begin() as connection:
        machine = await find_machine(connection, RANA, kiosk.kiosk)
        assert machine is not None
        await mute(connection, RANA, machine, is_on=True)
    assert await ill(stage) == []
    async with stage.engine.begin() as connection:
        await mute(connection, RANA, machine, is_on=False)
    assert [one.kind for one in await ill(stage)] == ["kiosk-paper"]
    at(monkeypatch, begun + timedelta(minutes=11))
    assert [one.kind for one in await ill(stage)] == ["kiosk-silent"]
    heard = Contacts(stage.engine)
    heard.note(kiosk.kiosk)
    await heard.write()
    assert [one.kind for one in await ill(stage)] == ["kiosk-paper"], "it reports on change: what it said stands"
