"""Every picture shows what a visit reached: nothing that is drawn is made up, and no screen goes without a picture."""

import ast
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from kiosk.flows.context import Hall
from kiosk.prompts.choosing import Start
from kiosk.prompts.ticket import Ahead
from kiosk.prompts.ui import Notice, Prompt
from screens.citizen.registry import CITIZEN
from tests.screens.maintenance.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.pictures.draw_all import states
from tests.screens.samples import BEFORE_ANY_VISIT, SAMPLES, SCENES, STRIPS
from tests.screens.scenes import of_ahead, of_doors, of_orders, of_states, of_tickets, scene
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Step

SCREENS = {one.__name__ for one in CITIZEN}


def _made_up(module: ModuleType) -> list[str]:
    """Return the prompts and notices that a module makes by itself."""
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [one.attr for one in called if isinstance(one, ast.Attribute)]
    names += [one.id for one in called if isinstance(one, ast.Name)]
    return [name for name in names if name in SCREENS]


@pytest.mark.parametrize(
    "module", [of_ahead, of_doors, of_orders, of_states, of_tickets, scene], ids=lambda one: one.__name__
)
def test_no_scene_makes_its_own_picture(module: ModuleType) -> None:
    assert _made_up(module) == []


def test_every_picture_is_of_a_scene() -> None:
    drawn = {name for name, _, _ in states()}
    assert drawn == {*SCENES, *BEFORE_ANY_VISIT, *STRIPS, *MAINTENANCE_SAMPLES}
    assert all(not fields(shown) for shown in BEFORE_ANY_VISIT.values()), "what has values comes from a visit"


def test_every_screen_of_a_citizen_has_its_scene() -> None:
    shown = {one.shows for one in SCENES.values()} | {type(one) for one in BEFORE_ANY_VISIT.values()}
    assert set(CITIZEN) == shown


@pytest.mark.parametrize("name", SCENES)
def test_each_scene_is_reached(name: str) -> None:
    reached = SAMPLES[name]
    assert type(reached) is SCENES[name].shows
    assert isinstance(reached, Prompt | Notice)


def test_a_hall_that_no_hub_describes_is_refused() -> None:
    def three_of_one_letter(lobby: Lobby) -> list[Step]:
        codes = [one.code for one in lobby.place.catalogue.services if one.prefix == "A"]
        lobby.hall = lambda: Hall(dict(zip(codes, (0, 13, 26), strict=True)), ())
        return []

    with pytest.raises(ValueError, match="share the letter A"):
        scene.reach(scene.Scene(Start, three_of_one_letter))


def test_pictures_show_how_many_come_first_how_long_it_may_be_and_that_it_may_be_too_late() -> None:
    told = [one.ahead for one in SAMPLES.values() if isinstance(getattr(one, "ahead", None), Ahead)]
    assert {one.before for one in told} == {0, 1, 2, 11, 46}
    assert {len(one.counted) for one in told} == {2, 3}, "with a range and without"
    assert {line.msgid for one in told for line in one.closing} == {
        "ticket.may_not_be_today", "ticket.wait_after_closing"
    }  # fmt: skip
