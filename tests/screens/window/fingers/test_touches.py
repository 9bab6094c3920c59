"""How many touches lead to a ticket: one for the six main services, at most three for any other (issue 6, A5)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from kiosk.prompts.choosing import MoreServices, TakeNumber
from kiosk.prompts.ui import StatusStrip
from kiosk.settings.sections import LANGUAGES
from screens.look.theme import Theme
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import CENTRE, SAMPLES, STRIP

MORE: MoreServices = SAMPLES["more-services"]
GROUPED = {tile.service for page in MORE.pages for group in page for tile in group.tiles}


ONE_BY_ONE = 8
"""Large letters leave ten inches one or two services a page: seven pages, and no room for seven numbers of 20 mm."""


def turned(gallery: Gallery) -> Iterator[int]:
    """Turn to each page by the least touches; yield how many those were."""
    stage = gallery.stage
    assert stage.screen is not None
    yield 0
    page = 2
    while (number := stage.find(f"page:{page}")) is not None:
        assert callable(number.answer)
        number.answer()
        stage.redraw_screen(stage.screen, MORE)
        yield 1
        page += 1
    if page == 2:
        yield from (count for count in gallery.pages() if count)


@pytest.mark.parametrize("easy", [False, True], ids=["calm", "easy"])
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_every_grouped_service_gives_a_ticket_within_three_touches(gallery: Gallery, panel: str, easy: bool) -> None:
    for language in LANGUAGES:
        gallery.lay_out(MORE, PANELS[panel].with_easy(easy), language, STRIP)
        touches = {
            target.answer.service: 1 + turns + 1
            for turns in turned(gallery)
            for target in gallery.stage.targets
            if isinstance(target.answer, TakeNumber)
        }
        assert touches.keys() == GROUPED
        most = ONE_BY_ONE if easy and PANELS[panel].tiny else 3
        assert {service: count for service, count in touches.items() if count > most} == {}


def test_a_button_that_the_finger_slid_off_is_not_shown_pressed_where_the_screen_is_drawn_again(
    gallery: Gallery,
) -> None:
    gallery.lay_out(MORE, Theme(), "ar", STRIP)
    stage, button, screen = gallery.stage, gallery.stage.find("tile:plan-copy"), gallery.stage.screen
    assert screen is not None
    assert button is not None
    stage.is_open = True
    on, off = (button.center_x, button.center_y), (button.center_x, button.top + 20)
    seen = []
    stage.on_touch_down(SimpleNamespace(uid=1, x=on[0], y=on[1]))
    for x, y in (on, off, on):
        stage.on_touch_move(SimpleNamespace(uid=1, x=x, y=y))
        before = button.pressed
        stage.draw(screen, MORE, screen.frame, StatusStrip(CENTRE, "09:06"))
        stage.redraw_screen(screen, MORE)
        seen.append((before, button.pressed))
    stage.on_touch_up(SimpleNamespace(uid=1, x=off[0], y=off[1]))
    stage.is_open = False
    assert seen == [(True, True), (False, False), (True, True)]
