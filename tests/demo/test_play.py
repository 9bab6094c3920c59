"""In which order the demo's people act, for each way in which a fault shows; people and town only note it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from demo import play
from demo.faults.fault import Fault, Step
from demo.payments.till import SUBSCRIBER, WALLET, pay_by_telephone
from demo.play import Play
from demo.processes import DemoFailed
from demo.summary import Summary

STEPS = (Step("done", "start"),)
TAKEN = ["citizen.take_ticket", "fault.after_ticket"]
HANDED = [*TAKEN, "citizen.hand_in"]


class Scene:
    """A play of made-up people; `did` are the names of what they did, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, **of_fault: Any) -> None:
        self.all = mock.Mock()
        self.town = self.all.town
        self.town.folder, self.town.pin, self.town.stick, self.town.presses_each = folder, "1234", folder / "stick", 2
        self.town.codes = ["SY1:X"]
        for name in ("Citizen", "Technician", "Clerk"):
            person = mock.AsyncMock() if name != "Clerk" else mock.Mock(called=["A1"], served=["t1"])
            person.done, person.seen = SimpleNamespace(imported={}), "seen"
            person.can_order = mock.Mock(return_value=True)
            self.all.attach_mock(person, name.lower())
            monkeypatch.setattr(play, name, lambda *_, person=person, **__: person)
        deeds = {name: getattr(self.all.fault, name) for name in ("begin", "after_ticket", "at_counter")}
        if of_fault.pop("mends", False):
            deeds["mend"] = self.all.fault.mend
        self.waits: list[float] = []
        monkeypatch.setattr(play, "wait_until", self._wait)
        monkeypatch.setattr(play, "waiting", lambda _: False)
        monkeypatch.setattr(play, "numbers_of", lambda _: {"A1"})
        self.summary = Summary(folder)
        self.told: list[str] = []
        self.play = Play(cast("Any", None), self.town, Fault(**deeds | of_fault), self.summary, self.told.append)

    def _wait(self, is_so: Any, within_s: float) -> bool:
        self.waits.append(within_s)
        return bool(is_so())

    @property
    def did(self) -> list[str]:
        return [name for name, *_ in self.all.mock_calls if name != "citizen.can_order"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({}, ["citizen.come", "fault.begin", *HANDED]),
        ({"mends": True}, ["citizen.come", "fault.begin", *HANDED]),
        ({"face": "out"}, ["fault.begin", "citizen.find"]),
        ({"face": "out", "mends": True},
         ["fault.begin", "citizen.find", "fault.mend", "citizen.come", *HANDED]),
        ({"refusal": "quota"}, ["citizen.come", "fault.begin", "citizen.be_refused"]),
        ({"refusal": "not_now", "mends": True},
         ["citizen.come", "fault.begin", "citizen.be_refused", "fault.mend", *HANDED]),
        ({"walk": STEPS}, ["citizen.come", "fault.begin", "citizen.walk", *HANDED]),
        ({"ends_at": "out", "mark": "x"}, ["citizen.come", "fault.begin", *TAKEN, "citizen.find"]),
        ({"mark": "x"}, ["citizen.come", "fault.begin", *TAKEN, "citizen.notice", "citizen.hand_in"]),
        ({"takes_orders": False}, ["citizen.come", "fault.begin", *TAKEN]),
        ({"name": "scanner.unplugged", "mends": True},
         ["citizen.come", *TAKEN, "citizen.meet_broken_scanner", "citizen.hand_in"]),
        ({"face": "out", "by_technician": True},
         ["technician.enter", "technician.take_out_of_service", "technician.leave", "fault.begin", "citizen.find",
          "technician.enter", "technician.put_back_in_service", "technician.leave", "citizen.come", *HANDED]),
    ],
)  # fmt: skip
async def test_a_visit_goes_as_its_fault_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: dict[str, Any], expected: list[str]
) -> None:
    scene = Scene(monkeypatch, tmp_path, **fault)
    await scene.play._visit()
    assert scene.did == expected
    assert scene.summary.seen == cast("Any", "seen")


async def test_who_may_not_order_hands_nothing_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scene = Scene(monkeypatch, tmp_path, mends=True)
    scene.all.citizen.can_order.return_value = False
    await scene.play._visit()
    assert scene.did == ["citizen.come", "fault.begin", *TAKEN]
    mend = scene.all.citizen.take_ticket.await_args.args[1]
    mend()
    assert scene.did[-1] == "fault.mend"


SERVED = ["clerk.come", "fault.at_counter", "clerk.serve_all", "clerk.go"]
STOPPED = ["clerk.come", "clerk.stop_service", "citizen.see", "clerk.resume_service", "citizen.see", "clerk.go"]


async def test_a_whole_run_serves_delivers_and_shows_a_service_that_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scene = Scene(monkeypatch, tmp_path)
    scene.play._visit = mock.AsyncMock()  # type: ignore[method-assign]
    (tmp_path / "screens").mkdir()
    scene.town.visits_done.return_value = {"t1"}
    scene.town.tell_an_owner.return_value = "ready"
    pages = iter([True, True, False, False])
    monkeypatch.setattr(play, "load_catalogue", lambda: SimpleNamespace(reasons={play.STOPPED_BY: {"ar": "لماذا"}}))
    scene.town.public_page.side_effect = lambda: "لماذا" if next(pages) else "works"
    await scene.play.run(technician=False)
    people = [name for name in scene.did if not name.startswith("town.")]
    assert people == [*SERVED, *STOPPED, "citizen.pay_a_bill"]
    scene.all.citizen.pay_a_bill.assert_awaited_once_with(SUBSCRIBER, WALLET, pay_by_telephone)
    assert [call.kwargs["stands"] for call in scene.all.citizen.see.await_args_list] == [True, False]
    assert (scene.summary.called, scene.summary.served, scene.summary.written) == (["A1"], ["t1"], "ready")
    assert scene.summary.stopped_page == tmp_path / "screens/page-stopped.html"
    assert (tmp_path / "screens/page-works-again.html").read_text() == "works"
    assert scene.all.clerk.presses_each == 2
    assert [name for name in scene.did if name in ("town.try_now", "town.centre.run")] == [
        "town.try_now",
        "town.centre.run",
    ]
    assert (len(scene.told), scene.waits) == (1, [30.0, 60.0, 60.0, 60.0])


@pytest.mark.parametrize(("name", "runs"), [("store.full", True), ("", False)])
async def test_with_a_fault_or_without_central_nothing_more_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, runs: bool
) -> None:
    scene = Scene(monkeypatch, tmp_path, name=name, mends=True)
    scene.play._visit = mock.AsyncMock()  # type: ignore[method-assign]
    scene.town.processes.is_running.return_value = runs
    scene.town.visits_done.return_value = {"t1"}
    await scene.play.run(technician=False)
    assert [one for one in scene.did if not one.startswith("town.")] == ["fault.mend", *SERVED]
    assert scene.town.try_now.called is runs
    assert scene.summary.written is None


async def test_a_technician_does_everything_once_while_central_is_away_and_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scene = Scene(monkeypatch, tmp_path, is_delivered=False)
    scene.play._visit = mock.AsyncMock()  # type: ignore[method-assign]
    scene.town.processes.is_running.return_value = False
    scene.town.central.return_value = '{"new": 2}'
    await scene.play.run(technician=True)
    done = ["enter", "change_paper", "print_test_page", "export_outbox", "export_logs", "take_out_of_service", "leave",
            "enter", "put_back_in_service", "try_now", "leave"]  # fmt: skip
    assert [one for one in scene.did if one.startswith("technician.") and "(" not in one] == [
        f"technician.{name}" for name in done
    ]
    assert scene.did[0] == "town.processes.stop"
    assert "town.start_central" in scene.did[scene.did.index("technician.leave") :][:2]
    assert scene.all.technician.enter.await_args_list == [mock.call("1234", wrong_first=True), mock.call("1234")]
    assert scene.all.technician.done.imported == {"new": 2}
    for turn in scene.all.technician.change_paper.await_args.args[0].values():
        turn()
    turns = [mock.call("cover-open", is_on=True), mock.call("paper-out", is_on=True),
             mock.call("paper-out", is_on=False), mock.call("cover-open", is_on=False)]  # fmt: skip
    assert scene.town.devices.emupos.turn.mock_calls == turns


def test_what_does_not_come_about_is_a_failure_that_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scene = Scene(monkeypatch, tmp_path)
    scene.town.centre.knows.return_value = False
    with pytest.raises(DemoFailed, match="the hub has not heard of A1"):
        scene.play._call_who_waits()
    scene.summary.served = ["t2", "t1"]
    scene.town.visits_done.return_value = {"t3"}
    with pytest.raises(DemoFailed, match="central does not know that t1, t2 were served"):
        scene.play._look_at_visits()
    scene.town.public_page.return_value = "x"
    for text, is_there, said in (("y", True, "say"), ("x", False, "lose")):
        with pytest.raises(DemoFailed, match=f"did not {said} “{text}” in time"):
            scene.play._page_says(text, is_there)
    monkeypatch.setattr(play, "numbers_of", lambda _: set())
    scene.play._call_who_waits()
    assert "clerk.come" not in scene.did


def test_tickets_and_orders_wait_other_items_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [SimpleNamespace(kind=kind, state=state) for kind, state in (
        ("ticket", "done"), ("audit", "waiting"), ("order", "done"),
    )]  # fmt: skip
    monkeypatch.setattr(play, "open_store", mock.MagicMock())
    monkeypatch.setattr(play, "list_items", lambda _, include_acknowledged: rows if include_acknowledged else [])
    town = cast("Any", mock.Mock())
    assert [row.kind for row in play.accepted(town)] == ["ticket", "order"]
    assert play.waiting(town) is False
    rows[2].state = "waiting"
    assert play.waiting(town) is True
