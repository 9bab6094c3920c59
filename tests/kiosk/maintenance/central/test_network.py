"""T8: the network as it is, what fails on the way to central, and addresses changed for a minute or for good."""

import asyncio
from pathlib import Path

import pytest

from kiosk.machine.network.link import Link
from kiosk.machine.network.network_manager import NetworkManager
from kiosk.maintenance.central import central_try
from kiosk.maintenance.central.delivery import KINDS, failure
from kiosk.maintenance.prompts import Tone
from kiosk.prompts.ui import Back
from offline_store.delivery.delivery_status import record_failure, record_success
from offline_store.disk import tables
from tests.kiosk.maintenance.given import OVER, technician
from tests.kiosk.maintenance.scripted import LANGUAGES, NOBODY, SILENCE, Workshop, texts_in
from tests.kiosk.maintenance.tools import audited
from tests.kiosk.network.fake_network_manager import FakeNetworkManager

TYPED = (
    ("address", "10.9.9.5"),
    ("address", "24"),
    ("address", "10.9.9.1"),
    ("address", ""),
)
TO_THE_TRIAL = (
    ("overview", "network"),
    ("network", "change"),
    ("addressing", "static"),
    *TYPED,
    ("network_sure", "try"),
)


@pytest.fixture
def fake(tmp_path: Path, workshop: Workshop) -> FakeNetworkManager:
    fake = FakeNetworkManager(tmp_path)
    workshop.more["network_manager"] = NetworkManager(str(fake.path))
    return fake


def network_events(workshop: Workshop) -> list[str]:
    return [event for event, _ in audited(workshop.store) if event.startswith("network")]


async def test_the_network_is_shown_in_full_where_nothing_of_it_can_be_changed(
    workshop: Workshop,
) -> None:
    display = await workshop.play(("overview", "network"), ("network", Back()), OVER)
    lines = workshop.lines(display, "network")
    assert lines["enp2s0"].tone is Tone.GOOD
    assert lines["maintenance.network.address"].value == "192.168.20.14"
    assert lines["maintenance.network.gateway"].value == "192.168.20.1"
    assert lines["maintenance.network.dns"].value == "192.168.20.1"
    panel = display.seen[-2]
    assert panel.note.msgid == "maintenance.network.set_elsewhere"
    change = next(button for button in panel.buttons if button.id == "change")
    assert not change.availability.is_offered


@pytest.mark.parametrize(
    ("links", "topic"),
    [
        ([], "network_no_cable"),
        ([Link("eth0", False, False, ("192.168.1.5",))], "network_no_cable"),
        ([Link("eth0", False, True)], "network_no_address"),
        ([Link("eth0", False, False), Link("wlan0", True, True, ("192.168.1.5",))], "network"),
    ],
)
async def test_the_overview_names_the_nearest_thing_that_is_missing(
    workshop: Workshop, links: list[Link], topic: str
) -> None:
    workshop.links = links
    display = await workshop.play(
        ("overview", "status:network"), ("status", Back()), ("overview", "network"), ("network", Back()), OVER
    )
    assert any(text.msgid == f"maintenance.advice.{topic}" for text in texts_in(display.seen[2]))


@pytest.mark.parametrize("code", [*sorted(KINDS), "status-503", "status-302", "status-511", "something-new"])
def test_each_failure_of_delivery_has_plain_words_in_both_languages(code: str) -> None:
    words, technical = failure(f"{code}: ConnectError")
    assert technical == "ConnectError"
    assert "ConnectError" not in words.msgid
    for language in LANGUAGES:
        assert language.text(words.msgid, **words.values)


async def _forwarder(workshop: Workshop, code: str | None) -> None:
    """Answer as the forwarder does, once somebody has asked for it."""
    while True:
        with workshop.store.read() as connection:
            if connection.execute(tables.delivery.select()).one().try_now:
                break
        await asyncio.sleep(0.01)
    if code is None:
        record_success(workshop.store, workshop.clock.now())
    else:
        record_failure(workshop.store, workshop.clock.now(), code, "its own words", 5.0)


@pytest.mark.parametrize(
    ("code", "links", "said"),
    [
        (None, [Link("eth0", False, True, ("10.0.0.2",))], "maintenance.central.good"),
        ("connection-refused", [Link("eth0", False, True, ("10.0.0.2",))], "maintenance.failure.connection-refused"),
        ("tls", [Link("eth0", False, True, ("10.0.0.2",))], "maintenance.failure.tls"),
        ("status-302", [Link("eth0", False, True, ("10.0.0.2",))], "maintenance.failure.portal"),
        ("dns", [Link("eth0", False, False)], "maintenance.failure.no_cable"),
        ("no-route", [Link("eth0", False, True)], "maintenance.failure.no_address"),
    ],
)
async def test_trying_central_says_in_plain_words_what_failed(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, code: str | None, links: list[Link], said: str
) -> None:
    monkeypatch.setattr(central_try, "_LOOK_S", 0.01)
    workshop.links = links
    forwarder = asyncio.create_task(_forwarder(workshop, code))
    display = await workshop.play(
        ("overview", "network"),
        ("network", "try"),
        ("trying", SILENCE),
        ("tried", Back()),
        ("network", Back()),
        OVER,
    )
    await forwarder
    assert display.seen[-3].lines[0].value.msgid == said
    assert [line.value for line in display.seen[-3].lines[1:]] == ([] if code is None else ["its own words"])


async def test_a_delivery_service_that_does_not_stir_is_named(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.maintenance.central.delivery.TRY_WITHIN_S", 0.0)
    display = await workshop.play(
        ("overview", "network"), ("network", "try"), ("tried", Back()), ("network", Back()), OVER
    )
    assert display.seen[-3].lines[0].value.msgid == "maintenance.failure.forwarder"


async def test_a_manager_types_addresses_tries_them_and_keeps_them(
    workshop: Workshop, fake: FakeNetworkManager
) -> None:
    display = await workshop.play(*TO_THE_TRIAL, ("keep", "keep"), ("network", Back()), OVER)
    state = fake.state()
    assert (state["file"]["addresses"], state["file"]["gateway"]) == ("10.9.9.5/24", "10.9.9.1")
    assert state["checkpoint"] is None
    assert network_events(workshop) == ["network-changed", "network-kept"]
    detail = dict(audited(workshop.store))["network-changed"]
    assert detail["before"] == "192.168.77.10/24 gateway 192.168.77.1 dns 192.168.77.1"
    assert detail["after"] == "10.9.9.5/24 gateway 10.9.9.1 dns -"
    first = next(prompt for prompt in display.seen if prompt.name == "maintenance_address")
    assert first.typed == "192.168.77.10"


@pytest.mark.parametrize("answer", ["undo", Back(), SILENCE])
async def test_whatever_is_not_kept_is_undone(
    workshop: Workshop, fake: FakeNetworkManager, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    loop, passed_s = asyncio.get_running_loop(), [0.0]
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + passed_s[0])

    def after_a_while(_: object) -> object:
        passed_s[0] = 3601.0 if answer is SILENCE else 0.0
        return answer

    workshop.more["revert_s"] = 3600
    after = (("network_undone", Back()), ("network", Back()), OVER)
    display = await workshop.play(*TO_THE_TRIAL, ("keep", after_a_while), *after, idle_s=7200.0)
    assert display.ended == "exit"
    _is_undone(workshop, fake)


async def test_what_nobody_keeps_is_undone_when_the_visit_ends(
    workshop: Workshop, fake: FakeNetworkManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, passed_s = asyncio.get_running_loop(), [0.0]
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + passed_s[0])

    def idle_time_passes(_: object) -> object:
        passed_s[0] = 31.0
        return NOBODY

    workshop.more["revert_s"] = 3600
    display = await workshop.play(*TO_THE_TRIAL, ("keep", idle_time_passes), idle_s=30.0)
    assert display.ended == "idle"
    _is_undone(workshop, fake)


def _is_undone(workshop: Workshop, fake: FakeNetworkManager) -> None:
    state = fake.state()
    assert (state["active"]["addresses"], state["file"]["addresses"]) == ("192.168.77.10/24",) * 2
    assert state["checkpoint"] is None
    assert network_events(workshop) == ["network-changed", "network-undone"]


async def test_wrong_parts_are_named_and_back_goes_one_part_back(workshop: Workshop, fake: FakeNetworkManager) -> None:
    display = await workshop.play(
        ("overview", "network"), ("network", "change"), ("addressing", "static"),
        ("address", "10.9.9"), ("address", "10.9.9.5"), ("address", "255.0.255.0"), ("address", Back()),
        ("address", "10.9.9.6"), ("address", "255.255.255.0"), ("address", "10.9.8.1"), ("address", "10.9.9.1"),
        ("address", "1.1.1.1"), ("network_sure", Back()), ("network", Back()), OVER,
    )  # fmt: skip
    asked = [prompt for prompt in display.seen if prompt.name == "maintenance_address"]
    assert [(prompt.part, prompt.wrong.msgid.rpartition(".")[2] if prompt.wrong else None) for prompt in asked] == [
        ("own", None), ("own", "form"), ("prefix", None), ("prefix", "prefix"), ("own", None), ("prefix", None),
        ("gateway", None), ("gateway", "gateway_outside"), ("dns", None),
    ]  # fmt: skip
    assert network_events(workshop) == []
    assert fake.state()["file"]["addresses"] == "192.168.77.10/24"


async def test_a_network_without_dhcp_is_said_and_the_former_addresses_are_back(
    workshop: Workshop, fake: FakeNetworkManager
) -> None:
    fake.set(dhcp=False)
    display = await workshop.play(
        ("overview", "network"), ("network", "change"), ("addressing", "dhcp"), ("network_sure", "try"),
        ("network_refused", Back()), ("network", Back()), OVER,
    )  # fmt: skip
    assert display.seen[-3].note.msgid == "maintenance.network.refused.no_answer"
    assert fake.state()["active"]["addresses"] == "192.168.77.10/24"
    assert network_events(workshop) == ["network-changed", "network-undone"]


async def test_a_technician_sees_the_network_and_only_a_manager_changes_it(
    workshop: Workshop, fake: FakeNetworkManager
) -> None:
    technician(workshop)
    display = await workshop.play(("overview", "network"), ("network", Back()), OVER)
    change = next(button for button in display.seen[-2].buttons if button.id == "change")
    assert change.availability.why_not.msgid == "maintenance.managers_only"
    assert workshop.lines(display, "network")["maintenance.network.address"]
    assert not any("modify" in call for call in fake.state()["calls"])


async def test_nothing_is_changed_where_the_change_can_t_be_recorded(
    workshop: Workshop, fake: FakeNetworkManager
) -> None:
    def condemn(_prompt: object) -> str:
        workshop.store.condemn("test")
        return "try"

    await workshop.play(*TO_THE_TRIAL[:-1], ("network_sure", condemn), ("store", Back()), OVER)
    assert not any("modify" in call for call in fake.state()["calls"])
