"""What a ticket's screen says of a wait fits every panel, whichever sentence it is."""

from itertools import product
from typing import Any

import pytest

from kiosk.prompts.ticket import Ahead, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import StatusStrip, Trouble
from kiosk.settings.sections import LANGUAGES
from tests.screens.pictures.draw_all import PANELS
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import NAMES

STRIP = StatusStrip(NAMES["civil-affairs"], "12:40")
WAITS = [Ahead(0, "12:40", (0, 5)), Ahead(31, "12:40", (75, 120), closes="13:30"), Ahead(2, "12:40", None)]


PAGE = "https://muamalati.example/t/00112233445566778899aabbccddeeff"


def _labels(gallery: Gallery) -> list[Any]:
    from screens.widgets.label import TextLabel

    return [widget for widget in gallery.stage.walk() if isinstance(widget, TextLabel) and widget.setting]


@pytest.mark.parametrize("easy", [False, True], ids=["usual", "easy"])
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_a_wait_stands_whole_within_its_box(gallery: Gallery, panel: str, easy: bool) -> None:
    theme = PANELS[panel].with_easy(easy)
    for language in LANGUAGES:
        for ahead, has_paper in product(WAITS, (True, False)):
            name = NAMES["civil-affairs"]
            prompt: Any = TakeTicket("A1014", name, "left", ahead=ahead, is_offline=True)
            if not has_paper:
                prompt = TicketOnScreen("A1014", name, Trouble.PAPER_OUT, can_undo=True, ahead=ahead, page=PAGE)
            gallery.lay_out(prompt, theme, language, STRIP)
            for label in _labels(gallery):
                x, y, w, h = label.ink
                assert label.x - 2 <= x <= x + w <= label.right + 2, (language, label.text)
                assert label.y - 2 <= y <= y + h <= label.top + 2, (language, label.text)
                assert label.setting.size_px >= theme.floor
                assert " ".join(label.setting.lines) == label.text
