"""While the voice is on every screen says how to touch, on every panel, with large letters and without."""

from types import SimpleNamespace

import pytest

from kiosk.prompts.state import StillThere
from kiosk.prompts.ui import SetAccessible, SetSpeech
from kiosk.settings.sections import LANGUAGES
from screens.look.theme import Theme
from tests.screens.facts import letters, targets
from tests.screens.pictures.draw_all import PANELS, citizen_states
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

# A walk over all screens, in large letters on the smallest panel, on a busy machine.
pytestmark = pytest.mark.timeout(300)
IN_EVERY_CHECK = ("", "10in-landscape")


@pytest.mark.parametrize("easy", [False, True], ids=["usual", "easy"])
@pytest.mark.parametrize(
    "panel",
    [pytest.param(name, marks=() if name in IN_EVERY_CHECK else pytest.mark.proof) for name in PANELS],
    ids=lambda panel: panel or "default",
)
def test_every_screen_says_that_a_second_touch_chooses(gallery: Gallery, panel: str, easy: bool) -> None:
    theme, wrong = PANELS[panel].with_easy(easy), list[str]()
    for name, (prompt, strip) in citizen_states().items():
        for language in LANGUAGES:
            gallery.lay_out(prompt, theme, language, strip, explores=True)
            hint = _hint(gallery)
            assert hint == gallery.languages[language].text("strip.explores"), name
            for page in gallery.pages():
                found = [*targets(gallery, theme), *letters(gallery, theme)]
                wrong += [f"{name}, page {page + 1} ({language}): {one}" for one in found]
    assert not wrong, "\n".join(wrong[:40])


def _hint(gallery: Gallery) -> str:
    from screens.widgets.label import TextLabel

    return str(gallery.stage.strip.part(TextLabel, "mark_words speaker").text).replace("\n", " ")


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel or "default")
def test_letters_and_voice_are_two_buttons_wherever_one_of_them_is_on(gallery: Gallery, panel: str) -> None:
    for name, (prompt, strip) in citizen_states().items():
        gallery.lay_out(prompt, PANELS[panel].with_easy(True), "ar", strip, explores=True)
        offered = {target.name: target.answer for target in gallery.stage.footer.targets}
        if offered:
            assert offered["accessible"] == SetAccessible(False), name
            assert "voice" in offered, name
        else:
            assert isinstance(prompt, StillThere) or not hasattr(prompt, "has_back"), name


def test_where_nobody_has_chosen_yet_each_is_offered_for_itself(gallery: Gallery) -> None:
    for theme in PANELS.values():
        gallery.lay_out(SAMPLES["start"], theme, "ar", STRIP)
        offered = {target.name: target.answer for target in gallery.stage.footer.targets}
        assert (offered["accessible"], offered["voice"]) == (SetAccessible(True), SetSpeech(True))


@pytest.mark.parametrize(("name", "touches"), [("accessible", 1), ("voice", 2), ("help", 2)])
def test_the_way_back_to_usual_letters_is_one_touch_though_a_voice_reads(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, name: str, touches: int
) -> None:
    gallery.lay_out(SAMPLES["start"], Theme(easy=True), "ar", STRIP, explores=True)
    stage, taken, now = gallery.stage, list[str](), [100.0]
    monkeypatch.setattr(stage, "on_target", lambda target: taken.append(target.name))
    monkeypatch.setattr(stage, "explores", True)
    monkeypatch.setattr(stage, "is_open", True)
    monkeypatch.setattr(stage.gate, "now", lambda: now[0])
    target = stage.find(name)
    assert target is not None
    for number in range(1, touches + 1):
        assert taken == []
        now[0] += 1
        touch = SimpleNamespace(uid=number, x=target.center_x, y=target.center_y)
        stage.on_touch_down(touch)
        now[0] += 0.1
        stage.on_touch_up(touch)
    assert taken == [name]
