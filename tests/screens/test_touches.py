"""How many touches lead to a ticket: one for the six main services, at most three for any other (issue 6, A5)."""

from collections.abc import Iterator

import pytest

from kiosk.config import LANGUAGES
from kiosk.prompts import MoreServices, TakeNumber
from tests.screens.draw_all import PANELS
from tests.screens.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

MORE: MoreServices = SAMPLES["more-services"]
GROUPED = {tile.service for page in MORE.pages for group in page for tile in group.tiles}


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
        assert {service: count for service, count in touches.items() if count > 3} == {}
