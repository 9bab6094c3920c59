"""`kiosk demo` as a whole: who acts and until when, what is told at the window and summed up; all around made up."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from demo import show as shown
from demo.faults.fault import Fault
from demo.people.citizen import Seen
from demo.processes import DemoFailed
from demo.summary import Summary

WITHIN_S = 20.0


@pytest.fixture
def town(tmp_path: Path) -> Any:
    made = mock.MagicMock(codes=["SY1:X", "SY1:Y"], pin="1234", stick="/stick", folder=tmp_path)
    made.devices.emupos = SimpleNamespace(papers="/papers", control_page="http://sim")
    made.devices.paper_pngs.return_value = ["a.png"]
    made.centre = mock.Mock(url="http://hub", clerk_pin="1111", manager_pin="2222")
    made.start_app.return_value = "http://app"
    made.other_systems.return_value = {"http://c/v1/visits": "t"}
    made.processes.ended.return_value = None
    made.applied.return_value = {"t1", "o1"}
    return made


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, town: Any, tmp_path: Path) -> Any:
    """What the demo has around it; `acts` is what who acts does, `did` in which order things were done."""
    made = SimpleNamespace(did=[], acts=None, panel_px=(1080, 1920), served=[], made=[], logged=[])

    @contextlib.contextmanager
    def entered(*given: Any, **how: Any) -> Iterator[Any]:
        made.made.append((given, how))
        yield town

    async def serve_on(ui: Any, settings: Any, *, stick: Any) -> None:
        made.served.append((ui, settings, stick))
        await asyncio.Event().wait()

    def run_window(settings: Any, main: Any, **how: Any) -> Any:
        made.served.append((settings, how))
        return asyncio.run(main("ui"))

    class Play:
        def __init__(self, *given: Any) -> None:
            made.did.append(("play", given[0]))

        async def run(self, *, technician: bool) -> None:
            made.did.append(("run", technician))
            await made.acts()

    async def act() -> None:
        """Do all at once."""

    made.acts = act
    monkeypatch.setattr("kiosk.logs.configure", lambda *given, **_: made.logged.append(given))
    monkeypatch.setattr(shown, "Town", entered)
    monkeypatch.setattr(shown, "Settings", lambda file: ("settings", file))
    monkeypatch.setattr(shown, "serve_on", serve_on)
    monkeypatch.setattr(shown, "run_window", run_window)
    monkeypatch.setattr(shown, "Play", Play)
    monkeypatch.setattr(shown, "display_px", lambda: made.panel_px)
    monkeypatch.setattr(shown, "_deliver", lambda _: made.did.append("delivered"))
    rows = [("ticket", "t1", "A1"), ("order", "o1", None), ("ticket", "t2", "A2")]
    listed = [SimpleNamespace(kind=kind, id=name, number=number) for kind, name, number in rows]
    monkeypatch.setattr(shown, "accepted", lambda _: listed[: made.accepted])
    monkeypatch.setattr(shown, "recorded", lambda _: ["accepted"])
    made.accepted = 2
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    return made


@pytest.mark.parametrize(
    ("asked", "panel_px", "driver", "is_played"),
    [
        ({"headless": True}, (1080, 1920), None, True),
        ({"headless": False, "technician": True}, (1080, 1920), None, True),
        ({"headless": False}, (1080, 1920), "offscreen", True),
        ({"headless": False}, None, None, True),
        ({"headless": False, "minutes": 0.0}, (1080, 1920), "x11", False),
    ],
)
def test_without_a_display_scripted_people_act_else_a_person_until_the_time_is_over(
    stage: Any, town: Any, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], panel_px: Any, driver: Any,
    is_played: bool,
) -> None:  # fmt: skip
    stage.panel_px, told = panel_px, list[str]()
    if driver:
        monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    found = shown.show(**({"minutes": None, "fault": "power.low"} | asked), tell=told.append)
    assert found == Summary(
        found.folder, "power.low", ["A1"], ["t1"], ["o1"], ["accepted"], ["t1", "o1"], papers=cast("Any", ["a.png"])
    )
    assert found.folder.parent == Path("var/demo").resolve()
    assert (found.folder / "run.log").is_file()
    assert stage.logged == [("run", found.folder / "kiosk/logs"), ("command",)]
    assert stage.did == ([("play", "ui"), ("run", bool(asked.get("technician")))] if is_played else ["delivered"])
    assert told[1:] == ([] if is_played else ["the time is over"])
    assert os.environ.get("SDL_VIDEODRIVER") == ("offscreen" if is_played else driver)
    ((folder, _), how), wrong = stage.made[0], shown.FAULTS["power.low"]
    assert (folder, how["faulty"], how["window_px"] is None) == (found.folder, None, is_played)
    assert town.build.mock_calls == [mock.call(settings={}, publish=wrong.publish, prepare=wrong.prepare)]
    settings = ("settings", town.settings_file)
    assert stage.served[0] == (settings, {"fullscreen": False, "closable": True})
    assert stage.served[1:] == [("ui", settings, "/stick")]


def test_what_was_accepted_and_not_applied_fails_a_play_that_delivers(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.accepted = 3
    with pytest.raises(DemoFailed, match=r"^central has not applied all that was accepted; see /"):
        shown.show(headless=True, minutes=None, fault=None, tell=print)
    monkeypatch.setattr(shown, "FOLDER", Path("again"))  # two runs of one second would have one folder
    found = shown.show(headless=True, minutes=None, fault="central.refusing", tell=print)
    assert (found.numbers, found.applied) == (["A1", "A2"], ["t1", "o1"])


def test_a_process_that_ends_by_itself_ends_the_demo_and_names_its_log(stage: Any, town: Any) -> None:
    ends = iter([None, "hub"])
    town.processes.ended.side_effect = lambda: next(ends)
    with mock.patch.object(shown, "_LOOK_S", 0.0):
        stage.acts = asyncio.Event().wait
        with pytest.raises(DemoFailed, match=rf"^hub has ended by itself; its log is {town.folder}/hub.log$"):
            shown._run(town, lambda _: stage.acts(), None, print)


def test_outcomes_are_those_that_were_seen_and_at_the_window_those_recorded(
    town: Any, stage: Any, tmp_path: Path
) -> None:
    summary = Summary(tmp_path, seen=Seen(outcomes=["expired"]))
    shown._sum_up(town, summary)
    assert summary.outcomes == ["expired"]


@pytest.mark.parametrize("has_terminal", [True, False])
async def test_a_person_at_the_window_is_told_all_that_can_be_done(
    town: Any, monkeypatch: pytest.MonkeyPatch, has_terminal: bool
) -> None:
    told: list[str] = []
    waits = asyncio.Event()

    async def enter() -> None:
        told.append("enter")

    def mend(given: Any) -> None:
        told.append(f"mend {given is town}")

    def begin(given: Any) -> None:
        told.append(f"begin {given is town}")

    town.centre.run.side_effect = DemoFailed("no voice")
    monkeypatch.setattr(shown, "_enter", enter)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: has_terminal))
    monkeypatch.setattr(asyncio, "Event", lambda: SimpleNamespace(wait=_ends(waits)))
    await asyncio.wait_for(shown._watch(town, Fault(name="x.y", begin=begin, mend=mend), told.append), WITHIN_S)
    assert waits.is_set(), "it goes on until it is ended"
    by_hand = ["x.y: press Enter here to mend it", "enter", "mend True", "x.y: mended"]
    assert told == [
        "begin True",
        "papers land in /papers",
        "faults and scans by hand: http://sim",
        "an order code to hold to the scanner: SY1:X",
        "the board: http://hub/board?speaks=1&diagonal=24&distance=2",
        "a counter (1, 2 or 3): http://hub/counter, PIN 1111",
        "the manager: http://hub/manager, PIN 2222",
        "the citizens' app, as a stand-in: http://app",
        "the technician's PIN (touch two opposite corners for 3 s): 1234; /stick is the stick",
        "for other systems: curl -H 'Authorization: Bearer t' http://c/v1/visits",
        *(by_hand if has_terminal else []),
    ]
    assert town.centre.run.mock_calls == [mock.call("voice", "fill")]


def _ends(waits: asyncio.Event) -> Any:
    async def wait() -> None:
        waits.set()

    return wait
