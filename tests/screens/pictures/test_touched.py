"""What can be touched at once: a start screen has twelve things at most, on every panel, in all letters and reaches."""

import pytest

from kiosk.prompts.choosing import Start
from kiosk.settings.sections import LANGUAGES
from screens.citizen.large_start import MOST_TOUCHED
from tests.screens.pictures.draw_all import PANELS, citizen_states
from tests.screens.pictures.gallery import Gallery

pytestmark = pytest.mark.timeout(300)  # a walk over all start screens, on a busy machine


@pytest.mark.parametrize("easy", [False, True], ids=["usual", "easy"])
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_a_start_screen_has_twelve_things_to_touch_at_most(gallery: Gallery, panel: str, easy: bool) -> None:
    starts = {name: shown for name, shown in citizen_states().items() if isinstance(shown[0], Start)}
    found = dict[str, list[str]]()
    for name, (prompt, strip) in starts.items():
        for language in LANGUAGES:
            for low in (False, True):
                gallery.lay_out(prompt, PANELS[panel].with_easy(easy, low), language, strip)
                for page in gallery.pages():
                    names = [target.name for target in gallery.stage.targets]
                    if len(names) > MOST_TOUCHED:
                        found[f"{name}, page {page + 1} ({language}, low: {low})"] = names
    assert not found
    assert MOST_TOUCHED == 12


def test_the_start_of_a_kiosk_as_shipped_offers_six_services_three_ways_and_three_controls(gallery: Gallery) -> None:
    prompt, strip = citizen_states()["start"]
    gallery.lay_out(prompt, PANELS[""], "ar", strip)
    names = [target.name for target in gallery.stage.targets]
    assert [name for name in names if not name.startswith("tile:")] == [
        "order", "more", "priority", "language:en", "look", "help",
    ]  # fmt: skip
    assert len(names) == 12
