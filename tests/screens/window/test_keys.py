"""A12: keys reach every control of every screen in reading order and are seen there; all is said, but never a PIN."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk.settings.sections import LANGUAGES
from screens.look.theme import Theme
from screens.window.focus import in_reading_order, key_name, voice_key, wakes_voice
from tests.screens.maintenance.maintenance_samples import MAINTENANCE_SAMPLES
from tests.screens.pictures.draw_all import PANELS, states
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP
from tests.screens.window.test_window import play


def shown() -> list[tuple[str, Any, Any]]:
    """All but the technician's test pictures, which are one target over the whole panel."""
    return [one for one in states() if not one[0].startswith(("t3-touch", "t3-picture"))]


def _walk(gallery: Gallery, key: Any) -> list[str]:
    """Press a key as often as there are controls; return what it was on each time."""
    stage = gallery.stage
    stage.is_open = True
    enabled = [target for target in stage.targets if target.enabled]
    found = []
    for _ in enabled:
        assert stage.key(key)
        assert stage.focused is not None
        assert sum(target.focused for target in stage.targets) == 1
        found.append(stage.focused.name)
    return found


@pytest.mark.parametrize("panel", ["", "landscape"], ids=["upright", "lying"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_reach_every_enabled_control_on_every_screen(gallery: Gallery, panel: str, language: str) -> None:
    for name, prompt, strip in shown():
        gallery.lay_out(prompt, PANELS[panel], language, strip)
        for _page in gallery.pages():
            everyone = sorted(target.name for target in gallery.stage.targets if target.enabled)
            if not everyone:
                assert not gallery.stage.key("tab"), name
                continue
            for key in ("tab", "shift-tab", "down", "up", "left", "right"):
                assert sorted(_walk(gallery, key)) == everyone, (name, key)
            assert {target.name for target in gallery.stage.targets if not target.enabled}.isdisjoint(everyone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_that_of_reading(gallery: Gallery, language: str) -> None:
    gallery.lay_out(SAMPLES["type-number"], Theme(), language, STRIP)
    rtl = language == "ar"
    order = in_reading_order(gallery.stage.targets, rtl)
    for one, other in pairwise(order):
        in_a_row = abs(one.top - other.top) < 1
        assert (one.x > other.x if rtl else one.x < other.x) if in_a_row else one.top > other.top
    assert len(order) == len(gallery.stage.targets)


def test_every_control_is_said_in_both_languages_and_says_why_it_is_not_offered(gallery: Gallery) -> None:
    for name, prompt, strip in shown():
        said: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            gallery.lay_out(prompt, PANELS["landscape"], language, strip)
            said[language] = {target.name: target.spoken.strip() for target in gallery.stage.targets}
            assert all(said[language].values()), (name, language)
        for control in said["ar"].keys() & said["en"].keys():
            words = said["ar"][control], said["en"][control]
            is_same = control.startswith(("digit:", "language", "line:", "prefix:")) or words[0] != words[1]
            assert is_same, (name, control, words)
    gallery.lay_out(SAMPLES["start-one-closed"], PANELS["10in-landscape"].with_easy(True), "en", STRIP)
    closed = {
        target.name: target.spoken
        for _ in gallery.pages()
        for target in gallery.stage.targets
        if not target.enabled and not target.name.endswith("_page")
    }
    assert closed.keys() == {"tile:electricity-bill", "order"}
    assert all("now" in spoken or "power cut" in spoken for spoken in closed.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_of_a_covered_number_says_its_digit(gallery: Gallery, language: str) -> None:
    for name in ("t1-pin", "t1-pin-wrong"):
        gallery.lay_out(MAINTENANCE_SAMPLES[name], Theme(), language, STRIP)
        spoken = [target.spoken for target in gallery.stage.targets]
        assert len(spoken) > 12
        assert not [words for words in spoken if any(letter.isdigit() for letter in words)]


def test_keys_with_a_modifier_and_all_others_are_dead() -> None:
    live = {code for code in range(1, 400) if key_name(code, [])}
    assert live == {9, 13, 32, 271, 273, 274, 275, 276}
    assert {code for code in range(1, 400) if voice_key(code)} == {267, 268, 269, 270}
    for modifier in ("alt", "ctrl", "meta"):
        assert not [code for code in range(1, 400) if wakes_voice(code, [modifier])]
        assert not [code for code in range(1, 400) if key_name(code, [modifier])]


def test_a_pin_typed_by_keys_or_touches_is_never_spoken_but_an_order_number_is(tmp_path: Path) -> None:
    """By real key and touch events, with everything recorded that speech is asked to say."""
    heard = play(
        tmp_path,
        """
from kiosk.maintenance import prompts as m
from screens.sound.guidance import Guidance
from screens.maintenance.registry import MAINTENANCE
class Heard:
    is_available, said = True, []
    def say(self, utterance): self.said.append(utterance.sentence)
    def stop(self): pass
    def close(self): pass
ui.screens.registry = {**CITIZEN, **MAINTENANCE}
ui.guidance = Guidance(Heard(), ui._languages)
ui.set_look(Look("en", is_accessible=True, has_speech=True))
found = []
for prompt, digits in ((m.EnterPin(), "49301768"), (TypeOrderNumber(), "4930176852")):
    asked = ask(prompt)
    await ui.wait_for(prompt.name)
    for at, digit in enumerate(digits):
        if at % 2:
            await ui.press("digit:" + digit)
            continue
        for _ in range(20):
            if ui.stage.focused is not None and ui.stage.focused.name == "digit:" + digit: break
            ui.window.dispatch("on_keyboard", 9, 0, None, [])
        ui.window.dispatch("on_keyboard", 13, 0, None, [])
        await ui.wait_for(prompt.name)
    await ui.press("ok")
    found.append([await asked, list(Heard.said)])
    Heard.said.clear()
return found
""",
    )
    (pin, said), (number, also) = heard
    assert (pin, number) == ("49301768", "4930176852")
    assert len(said) > 5
    assert not [sentence for sentence in said if any(letter.isdigit() for letter in sentence)], json.dumps(said)
    assert "4" in also


def test_the_keys_stay_where_they_are_while_the_same_question_is_drawn_again(gallery: Gallery) -> None:
    prompt = SAMPLES["type-number"]
    screen = gallery.lay_out(prompt, Theme(), "ar", STRIP)
    for _ in range(3):
        _walk_one(gallery)
    first = gallery.stage.focused
    assert first is not None
    assert callable(first.answer)
    first.answer()
    gallery.stage.draw(screen, prompt, screen.frame, STRIP)
    assert gallery.stage.focused is first
    gallery.lay_out(SAMPLES["start"], Theme(), "ar", STRIP)
    assert gallery.stage.focused is None


def _walk_one(gallery: Gallery) -> None:
    gallery.stage.is_open = True
    assert gallery.stage.key("tab")
