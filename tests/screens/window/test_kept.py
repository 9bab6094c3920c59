"""What screens keep does not grow with what they have shown: a kiosk stands for months."""

import dataclasses
import itertools
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from kiosk.prompts.choosing import Start
from screens import icons
from screens.widgets import picture
from tests.screens.maintenance.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import NAMES, SAMPLES, STRIP, tile
from tests.screens.window.test_window import play

SERVICES = tuple(NAMES)
ALARMS = MAINTENANCE_SAMPLES["t2-overview"]


def starts(turn: int) -> Start:
    """Return a start screen with other services at each turn."""
    return Start(tiles=tuple(tile(service) for service in SERVICES[turn * 3 : turn * 3 + 6]))


def alarms(turn: int) -> Any:
    """Return the technician's overview with other items at each turn, as tickets and orders come and go."""
    lines = [dataclasses.replace(line, id=line.id and f"{line.id}-{turn}") for line in ALARMS.lines]
    return dataclasses.replace(ALARMS, lines=tuple(lines))


@pytest.mark.parametrize("prompt_of", [starts, alarms], ids=["services", "items"])
@pytest.mark.parametrize("is_new_visit", [False, True], ids=["one visit", "a visit each"])
def test_other_services_and_items_take_no_further_widgets(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, prompt_of: Any, is_new_visit: bool
) -> None:
    monkeypatch.setattr(gallery, "_screens", {})  # screens that have shown nothing yet
    widgets = []
    for turn in range(5):
        screen = gallery.lay_out(prompt_of(turn), PANELS[""], "ar", STRIP)
        widgets.append(sum(1 for _ in screen.walk(restrict=True)))
        shown = {target.name for target in screen.targets}
        if is_new_visit:
            screen.forget()
            assert not any(part.name for part in screen.walk(restrict=True) if hasattr(part, "answer"))
    assert len(shown) >= 6
    assert widgets[-1] == widgets[1]  # at the second turn what is shown and what follows it are there at once


def test_the_words_by_which_large_letters_were_reckoned_go_with_the_visit(gallery: Gallery) -> None:
    screen = gallery.lay_out(SAMPLES["confirm-identity"], PANELS[""].with_easy(True), "ar", STRIP)
    assert any("سلمى" in said for said in screen._least.said_px)
    screen.forget()
    assert not screen._least.said_px


def test_an_icon_is_drawn_once_for_both_directions_unless_it_points_along_the_text(gallery: Gallery) -> None:
    picture._icon_texture.cache_clear()
    with patch.object(icons, "draw", wraps=icons.draw) as draw:
        for language in ("ar", "en"):
            gallery.lay_out(SAMPLES["service-info"], PANELS[""], language, STRIP)
    drawn = Counter((name, size) for (name, size, _mirrored), _ in draw.call_args_list)
    assert "question" in {name for name, _ in drawn}
    assert {name for (name, _), times in drawn.items() if times > 1} == icons.MIRRORED & {name for name, _ in drawn}


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_finger_on_an_item_that_goes_away_never_touches_the_one_that_comes_to_its_place(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    stage, touched, seconds = gallery.stage, list[str](), itertools.count()
    screen = gallery.lay_out(alarms(0), PANELS[""], "ar", STRIP)
    item = next(target for target in screen.targets if target.name.startswith("line:"))
    name, finger = item.name, SimpleNamespace(uid=1, x=item.center_x, y=item.center_y)
    monkeypatch.setattr(stage, "on_target", lambda target: touched.append(target.name))
    monkeypatch.setattr(stage.gate, "now", lambda: float(next(seconds)))
    monkeypatch.setattr(stage, "is_open", True)
    stage.on_touch_down(finger)
    for turn in range(turns):
        stage.redraw_screen(screen, alarms(turn + 1))
    stage.on_touch_up(finger)
    assert touched == ([] if turns else [name])


def test_what_a_visit_left_in_a_cycle_is_gone_with_it_and_screens_are_not_looked_through_for_it(tmp_path: Path) -> None:
    is_gone, frozen, frozen_later = play(
        tmp_path,
        """
import gc, weakref
gc.disable()
class Said:
    pass
async def visit():
    said = Said()
    said.itself = said
    ui.show(PrintingTicket("A1014", NAMES["civil-affairs"]))
    await ui.wait_for("printing")
    return weakref.ref(said)
await visit()
ui.forget()
frozen = gc.get_freeze_count()
said = await visit()
ui.forget()
return said() is None, frozen, gc.get_freeze_count()
""",
    )
    assert is_gone
    assert frozen > 50_000
    assert frozen_later <= frozen
