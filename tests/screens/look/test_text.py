"""Arabic on screen: joined, in order, one direction a line; and refused where it can't be."""

import ast
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat, features

from screens.look import text
from screens.look.frame import SIZES_MM

EM = 40
SCREENS = Path(text.__file__).parents[1]


def test_letters_join_on_this_machine() -> None:
    text.self_test()


def test_start_is_refused_when_pillow_lacks_fribidi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    with pytest.raises(text.ShapingError, match="libfribidi0"):
        text.self_test()


def test_start_is_refused_when_the_fribidi_library_is_hidden(tmp_path: Path) -> None:
    for name in ("libfribidi.so.0", "libfribidi.so"):
        (tmp_path / name).write_bytes(b"")
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}
    script = "from screens.look.text import self_test; self_test()"
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode != 0
    assert "ShapingError" in done.stderr
    assert "libfribidi0" in done.stderr


def test_what_was_measured_is_forgotten_with_the_visit() -> None:
    text.typeset("سلمى", 100, 100, text.Type(EM, EM))
    assert text.typeset.cache_info().currsize
    text.forget()
    assert not text.typeset.cache_info().currsize
    assert not text.line_width.cache_info().currsize


def _ink(line: str, direction: text.Direction) -> Image.Image:
    look = text.Type(EM, EM, "regular", direction)
    setting = text.typeset(line, 5000, 500, look)
    picture = text.draw_lines(setting, look, 0.0).getchannel("A")
    box = picture.getbbox()
    assert box is not None, f"nothing was drawn of {line!r}"
    return picture.crop((box[0], 0, box[2], picture.height))


def _place(word: str, line: Image.Image) -> int:
    """Return how far from the left the word's picture fits best into that of the line."""
    direction: text.Direction = "rtl" if any("\u0600" <= letter <= "\u06ff" for letter in word) else "ltr"
    part = _ink(word, direction)

    def difference(x: int) -> float:
        other = line.crop((x, 0, x + part.width, part.height))
        return float(ImageStat.Stat(ImageChops.difference(part, other)).sum[0])

    return min(range(line.width - part.width + 1), key=difference)


ORDER = [
    ("rtl", "رقمك A1014", ["A1014", "رقمك"]),
    ("rtl", "خذ الورقة", ["الورقة", "خذ"]),
    ("rtl", "هاتف \u200e031-2456789", ["031-2456789", "هاتف"]),
    ("rtl", "بتاريخ 2026/11/24", ["2026/11/24", "بتاريخ"]),
    ("rtl", "من 08:00 إلى 14:15", ["14:15", "إلى", "08:00", "من"]),
    ("rtl", "A1014 رقمك", ["رقمك", "A1014"]),
    ("rtl", "(نسخة) رقمك", ["رقمك", "نسخة"]),
    ("rtl", "تطبيق Muamalati لطلب", ["لطلب", "Muamalati", "تطبيق"]),
    ("rtl", "English بالعربية", ["بالعربية", "English"]),
    ("rtl", "5,000 ليرة", ["ليرة", "5,000"]),
    ("ltr", "Number A1014", ["Number", "A1014"]),
    ("ltr", "Press العربية here", ["Press", "العربية", "here"]),
]


@pytest.mark.parametrize(("direction", "line", "words"), ORDER)
def test_words_lie_in_the_order_in_which_they_are_read(direction: text.Direction, line: str, words: list[str]) -> None:
    picture = _ink(line, direction)
    places = [_place(word, picture) for word in words]
    assert all(left < right for left, right in pairwise(places)), dict(zip(words, places, strict=True))


def test_a_line_is_broken_in_logical_order_and_then_ordered_on_its_own() -> None:
    sentence = "افتح الطلب في Muamalati ثم قرّبه"
    width = text.line_width("افتح الطلب في", EM, "regular", "rtl") + 5
    lines = text.break_lines(sentence, width, EM, "regular", "rtl")
    assert lines[0] == "افتح الطلب في"
    assert lines[1].startswith("Muamalati")
    picture = _ink("Muamalati ثم", "rtl")
    assert _place("Muamalati", picture) > _place("ثم", picture)


def test_no_line_begins_with_a_dash() -> None:
    name = "مركز خدمة المواطن – حمص (الرئيسي)"
    width = text.line_width("مركز خدمة المواطن –", EM, "regular", "rtl") + 5
    assert text.break_lines(name, width, EM, "regular", "rtl") == ["مركز خدمة المواطن –", "حمص (الرئيسي)"]
    assert text.break_lines(name, width - 15, EM, "regular", "rtl") == ["مركز خدمة", "المواطن – حمص", "(الرئيسي)"]


def test_brackets_are_mirrored_in_arabic() -> None:
    line, opening = _ink("(نسخة)", "rtl"), _ink("(", "ltr")
    first = line.crop((0, 0, opening.width, line.height))
    assert ImageStat.Stat(ImageChops.difference(first, opening)).mean[0] < 12


def test_measured_width_is_the_drawn_width() -> None:
    for _direction, line, _words in ORDER:
        width = text.line_width(line, EM, "regular", "rtl")
        assert abs(_ink(line, "rtl").width - width) <= EM * 0.2


def test_text_shrinks_to_the_floor_and_says_when_it_does_not_fit() -> None:
    look = text.Type(60, 30, "regular", "rtl")
    assert text.typeset("أهلاً بك", 400, 100, look).size_px == 60
    narrow = text.typeset("أهلاً بك في مركز خدمة المواطن", 300, 100, look)
    assert narrow.fits
    assert 30 <= narrow.size_px < 60
    assert not text.typeset("أهلاً بك في مركز خدمة المواطن", 60, 40, look).fits


def test_letters_have_five_sizes_and_no_screen_another() -> None:
    """Before a column grows or shrinks all that is in it; a queue number is as large as its card allows."""
    own = []
    for path in sorted(SCREENS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Style":
                numbers = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                own += [f"{path.name}:{one.lineno}" for one in numbers if isinstance(one.value, float)]
    assert own == []
    assert len(SIZES_MM) == 5
    assert all(larger / smaller >= 1.15 for smaller, larger in pairwise(SIZES_MM))
