"""The demo's technician on maintenance screens that are written down: what he touches, sees, takes along."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from demo.people import technician as played
from demo.people.technician import Maintained, Technician
from demo.processes import DemoFailed
from kiosk.papers.staff_documents import TEST_CODE
from tests.demo.people.made_up import MadeUpWindow, screen

START, PIN = screen("start"), screen("maintenance_pin", wrong=False)


def panel(name: str, **more: Any) -> SimpleNamespace:
    return screen("maintenance_panel", panel=name, **more)


class Visit:
    """A technician before a window, and what was said of him."""

    def __init__(self, folder: Path, shown: SimpleNamespace, leads: dict[str, Any]) -> None:
        self.window = MadeUpWindow(shown)
        self.window.lead(leads)
        self.window.stage.offer(*(name for name in leads if name != "next_page"))
        self.told: list[str] = []
        self.technician = Technician(self.window, folder, self.told.append)

    @property
    def done(self) -> Maintained:
        return self.technician.done

    @property
    def looked(self) -> list[str]:
        return [path.stem for path in self.done.pictures]


type Make = Callable[..., Visit]


@pytest.fixture
def visit(tmp_path: Path) -> Make:
    return lambda shown, leads: Visit(tmp_path / "screens", shown, leads)


OVERVIEW = panel("overview")
CORNERS = ["down 0.01 0.01", "down 0.99 0.99"]
LIFTED = ["up 0.01 0.01", "up 0.99 0.99", "taken"]


async def test_he_holds_two_corners_and_types_his_pin(visit: Make) -> None:
    made = visit(PIN, {"ok": OVERVIEW})
    await made.technician.enter("129")
    assert made.window.did == [*CORNERS, *LIFTED, "digit:1", "digit:2", "digit:9", "ok"]
    assert (made.looked, made.done.wrong_pins) == (["1-overview"], 0)
    assert made.told == ["technician: in, by the PIN that enrolment gave"]
    assert made.window.waits[0] == ("maintenance_pin", 6.0)


async def test_a_wrong_pin_first_differs_in_its_last_digit_and_is_refused(visit: Make) -> None:
    made = visit(PIN, {"ok": [screen("maintenance_pin", wrong=True), OVERVIEW]})
    await made.technician.enter("129", wrong_first=True)
    typed = [one for one in made.window.did if one.startswith("digit:") or one == "ok"]
    assert typed == ["digit:1", "digit:2", "digit:0", "ok", "digit:1", "digit:2", "digit:9", "ok"]
    assert (made.looked, made.done.wrong_pins) == (["1-pin-wrong", "2-overview"], 1)
    assert made.told == ["technician: a wrong PIN is refused", "technician: in, by the PIN that enrolment gave"]


async def test_he_leaves_by_the_button(visit: Make) -> None:
    made = visit(OVERVIEW, {"home": START})
    await made.technician.leave()
    assert (made.window.did, made.done.screens) == (["home"], ["start"])


async def test_he_changes_the_paper_step_by_step(visit: Make) -> None:
    def step(name: str) -> SimpleNamespace:
        return screen("maintenance_paper", step=name)

    made = visit(OVERVIEW, {"button:paper": step("open"), "back": OVERVIEW})
    made.window.lead({"next": [step("remove"), panel("print_result")]})
    acts: list[str] = []
    await made.technician.change_paper({"open": lambda: acts.append("open"), "remove": lambda: acts.append("remove")})
    assert (made.window.did, acts) == (["button:paper", "next", "next", "back"], ["open", "remove"])
    assert made.done.paper_steps == ["open", "remove"]
    assert made.looked == ["1-paper-open", "2-paper-remove", "3-print_result", "4-overview"]
    assert made.told == ["technician: the paper is changed, a page came out"]


async def test_he_holds_the_test_page_to_the_scanner_until_it_is_read_and_judges_it(
    visit: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played, "HELD_S", 0.0)
    made = visit(OVERVIEW, {
        "button:tests": panel("tests"), "button:page": panel("test_page"), "line:yes": panel("test_result"),
        "back": [panel("tests"), OVERVIEW],
    })  # fmt: skip
    held: list[str] = []

    def hold(code: str) -> None:
        held.append(code)
        if len(held) == 3:
            made.window.shown = panel("judge")

    await made.technician.print_test_page(hold)
    assert held == [TEST_CODE] * 3
    assert made.window.did == ["button:tests", "button:page", "line:yes", "back", "back"]
    assert (made.done.test_page, made.told) == ("good", ["technician: the test page is good"])
    assert made.looked == ["1-tests", "2-test_page", "3-judge", "4-test_result", "5-overview"]


async def test_a_test_page_that_is_never_read_ends_the_play_after_six_tries(
    visit: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played, "HELD_S", 0.0)
    made = visit(OVERVIEW, {"button:tests": panel("tests"), "button:page": panel("test_page")})
    held: list[str] = []
    with pytest.raises(DemoFailed, match=r"^the test page was not read; the screen is maintenance_panel$"):
        await made.technician.print_test_page(held.append)
    assert len(held) == 6


@pytest.mark.parametrize("place", ["outbox", "logs"])
async def test_what_he_exports_is_the_file_that_came_onto_the_stick(visit: Make, tmp_path: Path, place: str) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "old").touch()
    leads = {
        f"button:{place}": panel(place),
        "button:export": panel(f"{place}_export"),
        "back": [panel(place), OVERVIEW],
    }
    made = visit(OVERVIEW, leads)
    press = made.window.press

    async def pressing(name: str, timeout_s: float = 10.0) -> None:
        await press(name, timeout_s)
        if name == "button:export":
            (stick / "new.json").touch()

    made.window.press = pressing  # type: ignore[method-assign]
    if place == "outbox":
        assert await made.technician.export_outbox(stick) == made.done.exported == stick / "new.json"
        assert made.told == ["technician: what waits for central is on the stick: new.json"]
    else:
        await made.technician.export_logs(stick)
        assert made.done.logs == stick / "new.json"
        assert made.told == ["technician: logs, settings and health are on the stick: new.json"]
    assert made.window.did == [f"button:{place}", "button:export", "back", "back"]


@pytest.mark.parametrize("answer", ["maintenance.central.good", "maintenance.central.bad"])
async def test_he_tries_the_way_to_central(visit: Make, answer: str) -> None:
    tried = panel("tried", lines=[SimpleNamespace(value=SimpleNamespace(msgid=answer))])
    leads = {"button:network": panel("network"), "button:try": tried, "back": [panel("network"), OVERVIEW]}
    made = visit(OVERVIEW, leads)
    if answer == "maintenance.central.good":
        await made.technician.try_now()
        assert made.window.did == ["button:network", "button:try", "back", "back"]
        assert made.told == ["technician: central answers"]
    else:
        with pytest.raises(DemoFailed, match=r"^the network page says maintenance\.central\.bad$"):
            await made.technician.try_now()
        assert made.window.did == ["button:network", "button:try", "back"]


async def test_he_takes_the_kiosk_out_of_service_and_puts_it_back(visit: Make) -> None:
    made = visit(OVERVIEW, {
        "button:out": [panel("out"), panel("out")], "line:repair": panel("out_until"),
        "line:30_minutes": panel("out_done"), "back": OVERVIEW, "line:back": OVERVIEW,
    })  # fmt: skip
    is_back = []
    for act in (made.technician.take_out_of_service, made.technician.put_back_in_service):
        await act()
        is_back.append(made.done.out_and_back)
    assert is_back == [False, True]
    assert made.window.did == ["button:out", "line:repair", "line:30_minutes", "back", "button:out", "line:back"]
    assert made.told == ["technician: out of service for 30 minutes", "technician: back in service"]
    assert made.looked == ["1-out", "2-out_until", "3-out_done", "4-overview"], "each panel the first time"


async def test_he_turns_pages_until_the_button_is_there(visit: Make) -> None:
    made = visit(OVERVIEW, {"button:out": panel("out"), "line:back": OVERVIEW})
    del made.window.stage.buttons["button:out"]
    made.window.stage.offer("next_page")
    turn = made.window.press

    async def turning(name: str, timeout_s: float = 10.0) -> None:
        await turn(name, timeout_s)
        if made.window.did.count("next_page") == 2:
            made.window.stage.offer("button:out")

    made.window.press = turning  # type: ignore[method-assign]
    await made.technician.put_back_in_service()
    assert made.window.did == ["next_page", "next_page", "button:out", "line:back"]


def test_his_work_is_said_in_a_few_lines() -> None:
    assert Maintained().lines == [
        "Technician: 0 wrong PIN, then in; paper: not changed",
        "Test page: None; out of service and back: no",
        "Exported: None; central took from it: nothing",
    ]
    done = Maintained(
        wrong_pins=1, paper_steps=["open", "close"], test_page="good", out_and_back=True, exported=Path("x.json"),
        imported={"known": 2, "applied": 3},
    )  # fmt: skip
    assert done.lines == [
        "Technician: 1 wrong PIN, then in; paper: open, close",
        "Test page: good; out of service and back: yes",
        "Exported: x.json; central took from it: 3 applied, 2 known",
    ]
