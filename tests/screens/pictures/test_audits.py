"""Facts about screens that no panel changes: contrast, overflow, mirroring; those of each panel: `test_panels`."""

from typing import Literal

import pytest

from common.city.brand.look import contrast, unreadable
from kiosk.language import Language
from kiosk.prompts.choosing import Start
from kiosk.prompts.order import HoldCode
from kiosk.prompts.ui import Availability, Text
from kiosk.settings.sections import LANGUAGES
from screens.look.text import CAP_HEIGHT_EM
from screens.look.theme import CALM, HIGH_CONTRAST, Palette, Theme, as_bytes
from tests.screens.facts import labels, letters, targets
from tests.screens.pictures.draw_all import citizen_states, variants
from tests.screens.pictures.gallery import Gallery
from tests.screens.samples import SAMPLES, STRIP

VARIANTS = dict(variants())


@pytest.mark.parametrize("size", [(768, 1024), (1024, 768), (768, 1366)], ids=lambda size: "x".join(map(str, size)))
def test_a_start_screen_fits_15_inches_of_another_shape(gallery: Gallery, size: tuple[int, int]) -> None:
    theme, wrong = Theme(*size, 15.0), list[str]()
    for name, (prompt, strip) in citizen_states().items():
        for language in LANGUAGES if isinstance(prompt, Start) else ():
            gallery.lay_out(prompt, theme, language, strip)
            found = [*targets(gallery, theme), *letters(gallery, theme)]
            wrong += [f"{name} ({language}): {one}" for one in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("theme", "shown"),
    [
        (Theme(1280, 800, 10.1), ("hold-code-help",)),  # read from farther away than it should be
        (Theme(1080, 1920, 13.3, easy=True), ("hold-code", "priority")),
        (Theme(1080, 1920, 32.0, 600), ("more-services",)),
    ],
    ids=["10in-far", "13in-easy", "32in-far"],
)
def test_words_keep_to_their_boxes_on_panels_between_and_beyond_the_common_ones(
    gallery: Gallery, theme: Theme, shown: tuple[str, ...]
) -> None:
    wrong = []
    for name in shown:
        for language in LANGUAGES:
            gallery.lay_out(SAMPLES[name], theme, language, STRIP)
            wrong += [f"{name} ({language}): {one}" for _ in gallery.pages() for one in letters(gallery, theme)]
    assert not wrong, "\n".join(wrong)


def test_a_power_cut_while_a_code_is_asked_for_leaves_every_line_its_room(gallery: Gallery) -> None:
    theme, wrong = VARIANTS["10in-landscape-easy"], list[str]()
    prompt = HoldCode(new_order=Availability(False, Text("fault.battery")))
    for language in LANGUAGES:
        gallery.lay_out(prompt, theme, language, STRIP)
        wrong += [*targets(gallery, theme), *letters(gallery, theme)]
    assert not wrong, "\n".join(wrong)


def test_the_smallest_letters_follow_the_standards() -> None:
    for suffix, theme in VARIANTS.items():
        assert theme.floor * CAP_HEIGHT_EM / theme.px_per_mm >= 4.8 - 1e-6, suffix
        assert theme.primary_floor * CAP_HEIGHT_EM / theme.px_per_mm >= 0.0122 * theme.viewing_distance_mm, suffix


@pytest.mark.parametrize("palette", [CALM, HIGH_CONTRAST], ids=["calm", "high-contrast"])
def test_contrast_of_the_palette(palette: Palette) -> None:
    """A3: text 7:1, edges, icons and focus 3:1, disabled 4.5:1."""
    written = {name: "#" + bytes(as_bytes(colour)).hex() for name, colour in vars(palette).items()}
    assert unreadable(written) == []


def test_each_state_of_a_button_keeps_its_contrast(gallery: Gallery) -> None:
    for theme in (Theme(), Theme(easy=True)):
        for name in ("start", "start-one-closed", "service-info", "type-number"):
            gallery.lay_out(SAMPLES[name], theme, "ar", STRIP)
            for target in gallery.stage.targets:
                for pressed in (False, True) if target.enabled else (False,):
                    target.press(pressed)
                    fill, _lip, _edge, ink = target.colours()
                    assert contrast(ink, fill) >= (7.0 if target.enabled else 4.5), (name, target.name, pressed)


@pytest.mark.parametrize("suffix", ["", "landscape", "easy"])
def test_arabic_is_the_mirror_image_of_the_same_texts(gallery: Gallery, suffix: str) -> None:
    """A10: with equal texts, what lies at x in one language lies at W - x in the other; the number pad doesn't move."""
    theme = VARIANTS[suffix]
    for name, (prompt, strip) in citizen_states().items():
        places: dict[str, dict[str, tuple[float, float, float, float]]] = {}
        for language in LANGUAGES:
            gallery.lay_out(prompt, theme, _SameWords(language), strip)
            places[language] = {t.name: (t.x, t.y, t.width, t.height) for t in gallery.stage.targets}
        for key, (x, y, w, h) in places["en"].items():
            other = places["ar"].get(key)
            if other is None:
                continue
            is_pad = key.startswith("digit:") or key in ("delete", "ok")
            mirrored = (theme.width_px - x - w, y, w, h)
            if is_pad:
                block = [v for k, v in places["ar"].items() if k.startswith("digit:") or k in ("delete", "ok")]
                left_ar = min(v[0] for v in block)
                left_en = min(v[0] for k, v in places["en"].items() if k.startswith("digit:") or k in ("delete", "ok"))
                assert x - left_en == pytest.approx(other[0] - left_ar, abs=2), (name, key)
            else:
                assert other == pytest.approx(mirrored, abs=12), (name, key)


def test_longer_words_are_shrunk_or_wrapped_never_cut(gallery: Gallery) -> None:
    """A4: every text 30 % longer, on the default panel in both modes."""
    for easy in (False, True):
        wrong = []
        for name, (prompt, strip) in citizen_states().items():
            for code in LANGUAGES:
                language = _Longer(code)
                gallery.lay_out(prompt, Theme(easy=easy), language, strip)
                wrong += [f"{name} ({code}): {label.text!r}" for label in labels(gallery) if not label.setting.fits]
        assert not wrong, "\n".join(wrong[:30])


class _SameWords(Language):
    """English words, names and days, laid out as in the language of this code."""

    def __init__(self, code: str) -> None:
        super().__init__("en")
        self._laid_out_as = code

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        return "rtl" if self._laid_out_as == "ar" else "ltr"


class _Longer(Language):
    """A language whose every text is 30 % longer, by words repeated from its beginning."""

    def text(self, msgid: str, **values: object) -> str:
        plain = super().text(msgid, **values)
        words, extra = plain.split(" "), max(1, round(len(plain) * 0.3))
        return plain if len(words) < 2 else f"{plain} {plain[:extra].strip()}"


def test_nothing_of_the_last_citizen_is_left(gallery: Gallery) -> None:
    screen = gallery.lay_out(SAMPLES["confirm-identity"], Theme(), "ar", STRIP)
    assert any("سلمى" in label.text for label in labels(gallery))
    screen.forget()
    assert not any("سلمى" in label.text or "4821" in label.text for label in labels(gallery))
    gallery.lay_out(SAMPLES["start"], Theme(), "ar", STRIP)
    left = [label.text for label in screen.walk() if getattr(label, "text", "")]
    assert not left
