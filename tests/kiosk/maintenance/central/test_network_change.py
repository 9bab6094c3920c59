"""What is shown while addresses are changed: which interface, how it stands now, and whether central answers."""

import asyncio
from ipaddress import IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from kiosk.machine.network.address import Addressing
from kiosk.machine.network.network_manager import NetworkRefused, Profile
from kiosk.maintenance.central import network, network_change
from kiosk.maintenance.central.delivery import Delivery, failure
from kiosk.maintenance.prompts import KeepChange, Line, Panel, Tone
from kiosk.prompts.ui import Text

STATIC = Addressing(IPv4Interface("10.0.0.7/24"))
TITLE = Text("maintenance.network.change")


class Session:
    """A technician's session that answers by a list; `did` is all that was asked, told and recorded."""

    def __init__(self, *answers: Any) -> None:
        self.did: list[Any] = []
        self.tools = SimpleNamespace(revert_s=60.0, store=None)
        said = iter(answers)

        async def ask(prompt: object, **more: float) -> Any:
            self.did.append((prompt, more["within_s"]) if more else prompt)
            answer = next(said)
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def tell(*words: str) -> None:
            self.did.append(words)

        async def record(event: str, **detail: str) -> None:
            self.did.append((event, detail))

        self.ask, self.tell, self.record = ask, tell, record


def ways(dhcp: Tone, static: Tone) -> Panel:
    lines = (
        Line(Text("maintenance.network.dhcp"), tone=dhcp, id="dhcp"),
        Line(Text("maintenance.network.static"), tone=static, id="static"),
    )
    return Panel("addressing", TITLE, lines, note=Text("maintenance.network.change_note"))


async def test_of_several_interfaces_one_is_chosen_and_what_is_so_already_is_said() -> None:
    two = Profile("eth0", "u0", STATIC), Profile("wlan0", "u1", Addressing())
    same = ("network_same", "maintenance.network.change", "maintenance.network.same")
    interfaces = Panel(
        "interface", TITLE, tuple(Line(one.interface, str(one.addressing), id=one.interface) for one in two)
    )
    session = Session("wlan0", "dhcp")
    await network_change.change_addresses(cast("Any", session), two)
    assert session.did == [interfaces, ways(Tone.GOOD, Tone.PLAIN), same]
    session = Session("dhcp")
    await network_change.change_addresses(cast("Any", session), two[1:])
    assert session.did == [ways(Tone.GOOD, Tone.PLAIN), same]
    assert [network._origin(one) for one in (None, STATIC, Addressing())] == [
        None, Text("maintenance.network.static"), Text("maintenance.network.dhcp"),
    ]  # fmt: skip


async def test_an_undoing_that_is_refused_was_done_by_itself() -> None:
    def refuse(_trial: object) -> None:
        raise NetworkRefused("gone")

    session = Session()
    with capture_logs() as logged:
        await network_change._undo(
            cast("Any", session), cast("Any", SimpleNamespace(undo=refuse)), cast("Any", "trial"), {"interface": "eth0"}
        )
    assert logged == [{"event": "network-undone-by-itself", "log_level": "warning", "why": "gone"}]
    assert session.did == [("network-undone", {"interface": "eth0"})]


@pytest.mark.parametrize(("answer", "is_kept"), [("keep", True), ("undo", False)])
async def test_meanwhile_it_is_said_whether_central_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, is_kept: bool
) -> None:
    wrong = "no-network: unreachable"
    reads = iter([Delivery(5), Delivery(5), Delivery(5, 6, wrong), Delivery(7)])
    asked: list[object] = []
    monkeypatch.setattr(network_change, "read_delivery", lambda _: next(reads))
    monkeypatch.setattr(network_change, "request_try_now", asked.append)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 100.0)
    session = Session(TimeoutError(), TimeoutError(), answer)
    session.tools.store = tmp_path
    assert await network_change._is_to_stay(cast("Any", session)) is is_kept
    effects = Text("maintenance.network.asking"), failure(wrong)[0], Text("maintenance.network.answers")
    assert session.did == [(KeepChange(TITLE, 60, effect), 1.0) for effect in effects]
    assert asked == [tmp_path]


async def test_an_answer_is_told_also_when_the_network_has_just_set_the_clock_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Delivery(5_000, 90_000, "no-route: unreachable")  # failed while the clock was a day ahead
    reads = iter([before, before, Delivery(6_000, 90_000)])
    monkeypatch.setattr(network_change, "read_delivery", lambda _: next(reads))
    monkeypatch.setattr(network_change, "request_try_now", lambda _: None)
    session = Session(TimeoutError(), "keep")
    session.tools.store = tmp_path
    assert await network_change._is_to_stay(cast("Any", session))
    said = [prompt.effect for prompt, _ in session.did]
    assert said == [Text("maintenance.network.asking"), Text("maintenance.network.answers")]
