"""Arabic on paper is joined, in order, inside the paper, and without empty boxes."""

import itertools

import pytest
from PIL import Image, features

from devices.paper import Direction, Weight
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.typesetting import Picture


def _columns(image: Image.Image) -> list[bool]:
    grey = image.convert("L")
    return [grey.crop((x, 0, x + 1, grey.height)).getextrema()[0] == 0 for x in range(grey.width)]


def _parts(image: Image.Image) -> list[int]:
    """Return the widths of the pieces of ink that stand apart, from left to right."""
    return [len(list(run)) for is_ink, run in itertools.groupby(_columns(image)) if is_ink]


def _line(text: str, direction: Direction = "rtl", width: int = 4000) -> Picture:
    return typesetting.line(text, 40, Weight.REGULAR, direction, width).picture


def test_joined_letters_are_one_piece_of_ink() -> None:
    typesetting.check_shaping()
    assert len(_parts(_line("بيت").image())) == 1
    assert len(_parts(_line("محلي").image())) == 1
    # د, ا and ر do not join to their left.
    assert len(_parts(_line("دار").image())) == 3


def test_words_run_from_right_to_left_and_numbers_within_them_from_left_to_right() -> None:
    (house,), (local,) = _parts(_line("بيت").image()), _parts(_line("محلي").image())
    one_two = _parts(_line("12", "ltr").image())
    for text, expected in (
        ("بيت 12", [*one_two, house]),
        ("12 بيت", [house, *one_two]),
        ("بيت 12 محلي", [local, *one_two, house]),
    ):
        assert _parts(_line(text).image()) == pytest.approx(expected, abs=1), text


def test_brackets_are_mirrored_and_stay_around_their_word() -> None:
    left, right = _line("(", "ltr").image(), _line(")", "ltr").image()
    assert _line("(").image().tobytes() == right.tobytes()
    assert left.tobytes() != right.tobytes()


@pytest.mark.parametrize("width", [100, 384, 576])
def test_no_line_stands_out_of_the_paper(width: int) -> None:
    for text in ("https://status.example/tickets/" + "0" * 80, "ة" * 120, "Clearance from the city council " * 4):
        for line in typesetting.paragraph(text, 42, Weight.BOLD, "ltr" if text.isascii() else "rtl", width):
            assert line.picture.width <= width
            assert line.above >= 0
            assert line.below >= 0


@pytest.mark.parametrize("dpi", [180, 203])
@pytest.mark.parametrize("text", ["B2014", "1001", "A10000", "0"])
def test_the_number_is_twelve_millimetres_high(dpi: int, text: str) -> None:
    height = round(12 * dpi / 25.4)
    picture = typesetting.digits(text, height, 384)
    box = picture.image().convert("L").point([255 if v == 0 else 0 for v in range(256)]).getbbox()
    assert box is not None
    assert (box[3] - box[1]) * 2 >= height
    assert picture.width * 2 <= 384


def test_letters_are_black_or_white_with_nothing_in_between() -> None:
    image = _line("بطاقة").image()
    assert image.mode == "1"
    black = sum(image.convert("L").histogram()[:128])
    assert 0.1 < black / (image.width * image.height) < 0.7


def test_a_missing_character_is_named() -> None:
    assert typesetting.missing_characters("بطاقة B2014 «(12)» ،") == set()
    assert typesetting.missing_characters("漢") == {"漢"}


def test_letters_are_judged_as_they_are_drawn() -> None:
    """The font has no ş of its own, but the shaper puts one together; a breve for ğ it lacks."""
    assert typesetting.missing_characters("çêîşû ÇÊÎŞÛ") == set()
    assert typesetting.missing_characters("ağ") == {"ğ"}


def test_shaping_that_is_missing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    with pytest.raises(typesetting.ShapingError, match="libfribidi0"):
        typesetting.check_shaping()
