"""What screens keep does not grow with what they have shown: a kiosk stands for months."""

import dataclasses
from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest

from kiosk import prompts as p
from screens import icons
from screens.widgets import picture
from tests.screens.draw_all import PANELS
from tests.screens.gallery import Gallery
from tests.screens.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.samples import NAMES, SAMPLES, STRIP, tile

SERVICES = tuple(NAMES)
ALARMS = MAINTENANCE_SAMPLES["t2-overview"]


def starts(turn: int) -> p.Start:
    """Return a start screen with other services at each turn."""
    return p.Start(tiles=tuple(tile(service) for service in SERVICES[turn * 3 : turn * 3 + 6]))


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
    assert len(shown) > 6
    assert widgets[-1] == widgets[1]  # at the second turn what is shown and what follows it are there at once


def test_an_icon_is_drawn_once_for_both_directions_unless_it_points_along_the_text(gallery: Gallery) -> None:
    picture._icon_texture.cache_clear()
    with patch.object(icons, "draw", wraps=icons.draw) as draw:
        for language in ("ar", "en"):
            gallery.lay_out(SAMPLES["service-info"], PANELS[""], language, STRIP)
    drawn = Counter((name, size) for (name, size, _mirrored), _ in draw.call_args_list)
    assert "question" in {name for name, _ in drawn}
    assert {name for (name, _), times in drawn.items() if times > 1} == icons.MIRRORED & {name for name, _ in drawn}
