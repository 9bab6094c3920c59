"""Citizens who do otherwise than most, by real touches: what each of them saw, and that nothing of it stays."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.faults.faults import known
from kiosk.language import Language
from tests.end_to_end.demos.demo_run import demo, offscreen, processes_in

ROOT = Path(__file__).parents[3]
ARABIC = Language("ar")


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("walks")
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.demos.walks"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=270,
        check=False,
        env=offscreen() | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert processes_in(folder) == []
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


# The first test of the file builds the town and goes all ways.
pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    ("way", "screens"),
    [
        ("wants-another-service", ["start", "more", "ticket", "start"]),
        ("reads-first", ["start", "about", "service", "ticket", "start"]),
        ("has-priority", ["start", "priority", "start", "ticket", "start"]),
        ("reads-english", ["start", "ticket", "start"]),
        ("needs-large-letters", ["start", "ticket", "start"]),
        ("needs-help", ["start", "help", "ticket", "start"]),
        ("types-number", ["start", "hold_code", "type_number", "result", "start"]),
        ("orders-by-phone", ["start", "hold_code", "document", "way", "phone", "start"]),
        ("leaves", ["start", "hold_code", "start"]),
    ],
)
def test_each_way_leads_over_its_screens_and_back(walks: dict[str, Any], way: str, screens: list[str]) -> None:
    assert walks[f"citizen.{way}"]["screens"] == screens


def test_every_way_that_the_help_names_is_gone(walks: dict[str, Any]) -> None:
    assert list(walks) == [name for name, fault in known().items() if fault.walk]


def test_who_asks_for_help_can_take_a_number_for_the_information_desk(walks: dict[str, Any]) -> None:
    (shown,) = (texts for name, texts in walks["citizen.needs-help"]["texts"].items() if name.endswith("-help"))
    assert ARABIC.text("help.help_ticket") in shown


def test_a_number_typed_by_hand_is_answered_with_what_central_said_of_it(walks: dict[str, Any]) -> None:
    seen = walks["citizen.types-number"]
    assert seen["outcomes"] == ["in_progress"]
    assert ARABIC.text("outcome.in_progress") in seen["texts"]["4-result"]


@pytest.mark.parametrize("way", ["citizen.needs-large-letters", "citizen.leaves"])
def test_large_letters_stay_until_the_visit_ends_and_no_longer(walks: dict[str, Any], way: str) -> None:
    texts = list(walks[way]["texts"].values())
    on, off = {ARABIC.text("common.accessible_on")}, {ARABIC.text("common.accessible_off")}
    assert [bool(on & {*shown}) for shown in (texts[0], texts[-1])] == [True, True], "at the start and at the end"
    assert off & {*texts[1]}
    assert not on & {*texts[1]}


def test_the_next_citizen_finds_the_usual_language(walks: dict[str, Any]) -> None:
    texts = list(walks["citizen.reads-english"]["texts"].values())
    english = Language("en").text("start.title")
    assert english in texts[1]
    assert english not in texts[-1]
    assert ARABIC.text("start.title") in texts[-1]


def test_priority_stands_on_the_ticket_and_on_no_later_one(walks: dict[str, Any]) -> None:
    chosen, ticket = list(walks["citizen.has-priority"]["texts"].values())[2:4]
    assert ARABIC.text("priority.elderly") in chosen
    assert ARABIC.text("ticket.priority") in ticket
    later = next(iter(walks["citizen.reads-english"]["texts"].values()))
    assert ARABIC.text("priority.elderly") not in later


@pytest.mark.timeout(240)
def test_a_kiosk_that_starts_says_so_and_that_numbers_given_stay_valid(tmp_path: Path) -> None:
    summary = demo(tmp_path, "--fault", "kiosk.starting")
    assert summary["seen"]["face"] == "starting"
    assert summary["seen"]["number"] == "A1002"
    assert summary["numbers"] == ["A1001", "A1002"], "the one given before the power cut and the new one"
    assert set(summary["tickets"] + summary["orders"]) <= set(summary["applied"])
    assert {ARABIC.text("starting.title"), ARABIC.text("starting.valid")} <= set(summary["seen"]["texts"]["1-starting"])
