import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from devices.protocols import DeviceState, PaperState
from kiosk.health import Outbox
from kiosk.maintenance.overview import overview
from kiosk.maintenance.prompts import Panel, Tone
from kiosk.maintenance.session import Session, maintain
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import Back, Home, Look, OpenMaintenance, Prompt, SwitchLanguage, Text
from tests.kiosk.maintenance.scripted import NOBODY, PIN, ScriptedDisplay, Workshop
from tests.kiosk.maintenance.tools import audited
from tests.kit.clock import NOON


def hand_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what lets so many seconds pass on the loop's clock; by itself hardly any do, however busy the machine."""
    loop, passed = asyncio.get_running_loop(), 0.0
    began = loop.time()

    def passes(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(loop, "time", lambda: began + passed)
    return passes


def events(workshop: Workshop) -> list[str]:
    return [event for event, _ in audited(workshop.store)]


async def test_a_wrong_pin_then_the_right_one_then_out(workshop: Workshop) -> None:
    display = await workshop.play(("pin", "00000000"), ("pin", "11112222"), ("overview", Home()), pin=False)
    assert display.ended == "exit"
    assert (display.seen[0].wrong, display.seen[1].wrong, display.seen[1].left) == (False, True, 4)
    assert events(workshop)[-3:] == ["pin-refused", "technician-entered", "technician-left"]


async def test_five_wrong_pins_lock_the_door_also_for_the_next_visit(workshop: Workshop) -> None:
    wrong = [("pin", "00000000")] * 5
    display = await workshop.play(*wrong, ("locked", "close"), pin=False)
    assert (display.ended, display.seen[-1].minutes) == ("refused", 5)
    workshop.clock.pass_time(seconds=240)
    display = await workshop.play(("locked", "close"), pin=False)
    assert display.seen[-1].minutes == 1
    workshop.clock.pass_time(seconds=60)
    await workshop.play(("overview", Back()))


async def test_three_idle_minutes_end_the_visit_wherever_it_is(workshop: Workshop) -> None:
    display = await workshop.play(("overview", "counters"), ("counters", NOBODY), idle_s=0.05)
    assert display.ended == "idle"
    assert audited(workshop.store)[-1] == ("technician-left", {"technician": "enrolment", "why": "idle"})


async def test_sticks_are_taken_from_the_right_pin_until_the_technician_has_left(
    workshop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    workshop.more["runtime_dir"] = tmp_path / "run"

    taken: list[bool] = []

    def sees(answer: object) -> Callable[[object], object]:
        def look(_: object) -> object:
            taken.append((tmp_path / "run/technician").exists())
            return answer

        return look

    await workshop.play(("pin", sees(PIN)), ("overview", sees(Home())), pin=False)
    assert taken == [False, True]
    assert not (tmp_path / "run/technician").exists()


async def test_nobody_types_a_pin_and_the_kiosk_is_free_again(workshop: Workshop) -> None:
    display = await workshop.play(("pin", NOBODY), pin=False, idle_s=0.05)
    assert display.ended == "idle"
    assert "technician-left" not in events(workshop)


async def test_back_leads_up_and_the_language_stays_for_the_visit(workshop: Workshop) -> None:
    display = await workshop.play(
        ("overview", SwitchLanguage("en")),
        ("overview", OpenMaintenance()),
        ("overview", "logs"),
        ("logs", Back()),
        ("overview", Back()),
    )
    assert display.look == Look(language="en")
    assert display.ended == "exit"


async def test_of_what_a_citizen_chose_the_technician_keeps_the_language_alone(workshop: Workshop) -> None:
    display = ScriptedDisplay(("pin", Back()))
    chosen = Look("en", is_accessible=True, is_low=True, has_speech=True)
    assert await maintain(display, workshop.tools(), chosen, overview) == "refused"
    assert display.look == Look("en"), "these screens have no room for large letters, and a PIN is not said aloud"


async def test_a_store_that_takes_nothing_lets_nobody_in_and_says_so(workshop: Workshop) -> None:
    workshop.store.condemn("test")
    display = ScriptedDisplay(("store", Back()))
    assert await maintain(display, workshop.tools(), Look(), overview) == "refused"


async def test_what_the_disk_does_not_take_is_said_to_the_technician_who_stays(workshop: Workshop) -> None:
    def full(_: object) -> str:
        workshop.store.condemn("test")
        return "yes"

    display = await workshop.play(
        ("overview", "counters"), ("counters", "reset"), ("sure", full), ("store", Back()), ("overview", Home())
    )
    assert display.ended == "exit"
    assert display.seen[-2].note == Text("maintenance.disk_closed")


async def test_a_fault_of_ours_is_recorded_as_the_way_out(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        raise ZeroDivisionError

    display = ScriptedDisplay(("pin", "11112222"))
    with pytest.raises(ZeroDivisionError):
        await maintain(display, workshop.tools(), Look(), broken)
    assert display.forgotten
    assert audited(workshop.store)[-1] == ("technician-left", {"technician": "enrolment", "why": "fault"})


@pytest.mark.parametrize("state", list(DeviceState))
@pytest.mark.parametrize("paper", list(PaperState))
async def test_every_state_has_a_word_and_what_to_do(workshop: Workshop, state: DeviceState, paper: PaperState) -> None:
    workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, state, paper, detail="cutter")
    display = await workshop.play(("overview", "status:printer"), ("status", Back()), ("overview", Back()))
    lines = workshop.lines(display, "overview")
    assert (lines["printer"].tone is Tone.GOOD) == (state in (DeviceState.ONLINE, DeviceState.BUSY))
    assert (lines["paper"].tone is Tone.GOOD) == (paper is PaperState.FULL)


async def test_what_is_unknown_is_never_shown_as_good(workshop: Workshop) -> None:
    workshop.health = replace(workshop.health, clock="untrusted", disk_free_bytes=None, power="unknown")
    workshop.devices.reports[Device.PRINTER] = Report(Device.PRINTER, DeviceState.STARTING, None)
    display = await workshop.play(("overview", Back()))
    lines = workshop.lines(display, "overview")
    for topic in ("printer", "paper", "touch", "central", "disk", "power"):
        assert lines[topic].tone is Tone.UNKNOWN, topic
    assert lines["clock"].tone is Tone.BAD


@pytest.mark.parametrize(
    ("outbox", "central", "waiting"),
    [
        (Outbox(waiting=3, oldest_s=60, last_success_at=int(NOON.timestamp())), Tone.GOOD, Tone.GOOD),
        (Outbox(waiting=3, oldest_s=20_000, last_success_at=1, last_error="no route"), Tone.BAD, Tone.ATTENTION),
        (Outbox(waiting=3, dead=1, last_error="no route"), Tone.BAD, Tone.BAD),
    ],
)
async def test_delivery_is_told_as_it_is(workshop: Workshop, outbox: Outbox, central: Tone, waiting: Tone) -> None:
    workshop.health = replace(
        workshop.health, outbox=outbox, alarms=["dead-letters"], power="battery", charge_percent=50
    )
    display = await workshop.play(
        ("overview", "status:central"),
        ("status", Back()),
        ("overview", "status:store"),
        ("alarms", Back()),
        ("overview", Back()),
    )
    lines = workshop.lines(display, "overview")
    assert (lines["central"].tone, lines["outbox"].tone) == (central, waiting)
    assert lines["store"].tone is Tone.BAD


async def test_a_screen_that_renews_itself_is_no_touch_and_keeps_nobody_in(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes, minutes = hand_time(monkeypatch), iter([60.0] * 3)

    def nobody(_overview: object) -> object:
        passes(next(minutes, 0.0))
        return NOBODY

    display = ScriptedDisplay(("pin", PIN), ("overview", nobody))
    assert await maintain(display, workshop.tools(), Look(), overview, idle_s=180.0) == "idle"
    assert len(display.seen) == 5  # the PIN, the overview each minute, and once more as the time ends


async def test_a_touch_in_the_very_turn_in_which_a_screen_renews_itself_counts(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kivy draws and takes touches in the loop's turns: a late frame brings the end of the time and a touch at once."""
    passes = hand_time(monkeypatch)

    class LateFrame(ScriptedDisplay):
        async def ask(self, _prompt: Prompt[Any]) -> Any:
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[Any] = loop.create_future()
            passes(31.0)  # the frame
            loop.call_later(0, answer.set_result, "try")  # the finger, due with the end of the time and after it
            return await answer

    session = Session(LateFrame(), workshop.tools(), Look())
    assert await session.ask(Panel("network", Text("maintenance.place.network")), within_s=30.0) == "try"


async def test_another_language_gives_a_trial_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = hand_time(monkeypatch)

    class Display:
        on_touch: Callable[[], None] | None = None
        is_switched = False

        async def ask(self, _: Prompt[Any]) -> object:
            passes(40.0)
            if not self.is_switched:
                self.is_switched = True
                return SwitchLanguage("en")
            for _turn in range(50):  # time in which the minute is seen to be over
                await asyncio.sleep(0)
            return "keep"

        def set_look(self, _: Look) -> None:
            pass

    session = Session(cast("Any", Display()), cast("Any", None), Look())
    with pytest.raises(TimeoutError):
        await session.ask(Panel("keep", Text("maintenance.keep")), within_s=60.0)
