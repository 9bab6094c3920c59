"""Profiles of printers: what is published corrected by ours, each figure within its bounds, lengths in dots."""

from pathlib import Path

import pytest

from devices.errors import ProfileError
from devices.receipt_printer import profile
from devices.receipt_printer.profile import Layout, Profile


def test_a_technician_adds_a_printer_without_code(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('name = "Ours"\nbase = "TM-T88III"\nfence = "paper-status"\n', "utf-8")
    ours = profile.load(str(path))
    assert (ours.width_dots, ours.dpi, ours.cutter, ours.native_qr) == (512, 180, "partial", True)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("width_dots = 570", "name"),
        ('name = "x"\nwidth_dots = 570', "multiple of 8"),
        ('name = "x"\ndpi = 300', "GS P"),
        ('name = "x"\ncuter = "full"', "cuter"),
        ('name = "x"\nbase = "No-Such"', "No-Such"),
        ('name = "x"\ncutter = "axe"', "axe"),
        ("name = ", "ours"),
        ('name = "x"\nfont_a = [0, 24]', "font_a"),
        ('name = "x"\ndigit_rows = 0', ">= 1"),
        ('name = "x"\ndigit_rows = 25', "24 rows"),
        ('name = "x"\nmax_scale = 9', "<= 8"),
        ('name = "x"\ntear_off_mm = inf', "<= 100"),
        ('name = "x"\nmechanical_s = -1.0', ">= 0"),
        ('name = "x"\nnv_write_s = nan', ">= 0"),
    ],
)
def test_a_wrong_profile_is_named(text: str, named: str) -> None:
    with pytest.raises(ProfileError, match="ours") as caught:
        profile.parse(text, "ours")
    assert named in str(caught.value)


def test_a_profile_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_bytes(b'name = "\xff"')
    for name in (str(file), "no\0path.toml"):
        with pytest.raises(ProfileError, match=r"\.toml: the profile cannot be read"):
            profile.load(name)


def test_an_unknown_profile_says_which_there_are() -> None:
    with pytest.raises(ProfileError, match="epson-tm-t20iii"):
        profile.load("no-such-printer")


@pytest.mark.parametrize(
    ("field", "taken", "refused"),
    [
        ("width_dots", (128, 136, 2048), (120, 130, 2049, 2056)),
        ("dpi", (100, 255), (99, 256)),
        ("raster_rows", (8, 255), (7, 256)),
        ("font_a", ([1, 15], [255, 255]), ([0, 15], [256, 15], [1, 256], [1])),
        ("digit_rows", (1, 24), (0, 25)),
        ("max_scale", (1, 8), (0, 9)),
        ("tear_off_mm", (0, 100), (-0.1, 100.1)),
        ("mechanical_s", (0, 60), (-0.1, 60.1)),
        ("nv_write_s", (0, 60), (-0.1, 60.1)),
    ],
)
def test_each_figure_has_its_bounds(field: str, taken: tuple[object, ...], refused: tuple[object, ...]) -> None:
    for value in taken:
        found = getattr(profile.parse(f'name = "x"\n{field} = {value}', "ours"), field)
        assert found == (tuple(value) if isinstance(value, list) else value)
    for value in refused:
        with pytest.raises(ProfileError):
            profile.parse(f'name = "x"\n{field} = {value}', "ours")


def test_of_a_model_is_known_what_is_published_and_what_ours_says_otherwise() -> None:
    assert profile.load("epson-tm-t20iii") == Profile(
        name="Epson TM-T20III", base="TM-T20II", nv_graphics=True, ram_graphics=True, smoothing=True
    )
    full = profile.parse('name = "x"\nbase = "TM-T88III"\ncutter = "full"\nnative_qr = false', "ours")
    assert full == Profile(name="x", base="TM-T88III", cutter="full", native_qr=False, width_dots=512, dpi=180)
    kept = [profile.load("epson-tm-t20iii").keeps(lasting=lasting) for lasting in (True, False)]
    assert (kept, full.keeps(lasting=True)) == ([True, True], False)
    drawn = profile.load("epson-tm-t20iii").as_pictures()
    assert drawn == Profile(name="Epson TM-T20III", base="TM-T20II", smoothing=True, native_qr=False, native_text=False)


@pytest.mark.parametrize(("dpi", "paper_mm", "width"), [(203, 80, 576), (203, 58, 384), (180, 80, 512), (180, 58, 336)])
def test_a_line_is_as_wide_as_roll_and_head_have_it(dpi: int, paper_mm: int, width: int) -> None:
    wide = profile.parse(f'name = "x"\nwidth_dots = 2048\ndpi = {dpi}', "ours")
    assert profile.layout(wide, paper_mm, is_fast=True) == Layout(wide, width, True)
    narrow = profile.parse(f'name = "x"\nwidth_dots = 128\ndpi = {dpi}', "ours")
    assert profile.layout(narrow, paper_mm) == Layout(narrow, 128, False)


def test_lengths_are_told_in_dots_and_anything_has_one() -> None:
    found = profile.parse('name = "x"\ndpi = 254', "ours")
    assert [found.dots(mm) for mm in (-1, 0, 0.01, 0.1, 0.16, 12)] == [0, 0, 1, 1, 2, 120]
    assert [found.millimetres(dots) for dots in (0, 1, 120)] == pytest.approx([0, 0.1, 12])
