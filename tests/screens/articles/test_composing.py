"""Words and what can be done stand together: no hole between them, nothing out of reach, and a number that stays."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from kiosk.settings.sections import LANGUAGES
from screens.articles.article import ArticleScreen
from screens.look.theme import Theme
from screens.screen import Screen
from screens.widgets.button import TouchButton
from screens.widgets.label import TextLabel
from screens.widgets.surface import Surface
from tests.screens.pictures.draw_all import PANELS, citizen_states
from tests.screens.pictures.gallery import Gallery

HOLE_MM = 20.0
UPRIGHT = [name for name, theme in PANELS.items() if not theme.wide]


def _bands(screen: Screen) -> Iterator[tuple[float, float]]:
    """Yield from where to where each thing that is seen reaches, from the bottom."""
    for name in screen._used:
        part = screen._parts[name]
        if isinstance(part, TextLabel) and part.text:
            _x, low, _w, high = part.ink
            yield low, low + high
        elif isinstance(part, Surface | TouchButton):
            yield part.y, part.top


def _articles(gallery: Gallery, theme: Theme) -> Iterator[tuple[str, Screen]]:
    for name, (prompt, strip) in citizen_states().items():
        for language in LANGUAGES:
            screen = gallery.lay_out(prompt, theme, language, strip)
            if isinstance(screen, ArticleScreen):
                yield f"{name} ({language})", screen


@pytest.mark.parametrize(
    "easy",
    [pytest.param(False, id="usual"), pytest.param(True, id="easy", marks=pytest.mark.proof)],
)
@pytest.mark.parametrize(
    "panel",
    [pytest.param(panel, marks=pytest.mark.proof if panel else ()) for panel in UPRIGHT],
    ids=lambda panel: panel or "default",
)
def test_there_is_no_hole_between_what_is_said_and_what_can_be_done(gallery: Gallery, panel: str, easy: bool) -> None:
    theme, holes = PANELS[panel].with_easy(easy), []
    for name, screen in _articles(gallery, theme):
        bands = sorted(_bands(screen))
        reached = bands[0][1]
        for (_, high), (low, _) in pairwise(bands):
            reached = max(reached, high)
            if low - reached > theme.mm(HOLE_MM):
                holes.append(f"{name}: {(low - reached) / theme.px_per_mm:.0f} mm")
    assert not holes, "\n".join(holes)


@pytest.mark.parametrize("name", ["priority", "help-asked", "voided"])
def test_a_group_stands_a_little_above_the_middle_and_within_low_reach_below_it(gallery: Gallery, name: str) -> None:
    prompt, strip = citizen_states()[name]
    theme = Theme()
    screen = gallery.lay_out(prompt, theme, "ar", strip)
    bands = sorted(_bands(screen))
    room = gallery.stage._inner
    below = bands[0][0] - (theme.height_px - room.y - room.h)
    above = theme.height_px - room.y - bands[-1][1]
    assert 0 < above < below
    low = theme.with_easy(False, low=True)
    gallery.lay_out(prompt, low, "ar", strip)
    assert all(target.top <= low.reach_px + 1 for target in gallery.stage.targets)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", [name for name, theme in PANELS.items() if not theme.tiny])
def test_a_number_stays_where_it_is_when_its_paper_comes(gallery: Gallery, panel: str, language: str) -> None:
    """It is read while the paper is printed; what comes then comes around it. Ten inches have no room for that."""
    theme = PANELS[panel]
    tops = []
    for name in ("printing", "take-ticket"):
        prompt, strip = citizen_states()[name]
        tops.append(gallery.lay_out(prompt, theme, language, strip)._parts["number_card"].top)
    assert abs(tops[0] - tops[1]) <= 0.05 * theme.height_px
