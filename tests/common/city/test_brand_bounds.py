"""A brand's money and pictures at their bounds, and its time zone asked as Python asks one."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from common.city.brand.brand import CENTRE_TIME, BrandError, Currency, brand, load_brand, use

OLD_AND_NEW = Currency("SYP", 2, {}, 100, {}, {"ar": {"other": "{n}"}, "en": {"other": "{n}"}})
ONE = Currency("JOD", 3, {})


@pytest.fixture(autouse=True)
def _another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.city.brand.brand._in_force", [])


@pytest.mark.parametrize(
    ("money", "minor", "code", "pound", "why"),
    [
        (OLD_AND_NEW, 0, "", None, None),
        (OLD_AND_NEW, 1, "USD", None, None),
        (OLD_AND_NEW, 1, "", "new", None),
        (OLD_AND_NEW, 100, "SYP", "old", None),
        (OLD_AND_NEW, 1, "", None, 'a fee in SYP says pound = "new" or "old": 100 old ones are 1 new one'),
        (OLD_AND_NEW, 1, "SYP", None, 'a fee in SYP says pound = "new" or "old": 100 old ones are 1 new one'),
        (OLD_AND_NEW, 0, "USD", "new", "a fee in USD says no pound: there is but one money of that name"),
        (OLD_AND_NEW, 101, "", "old", "a fee in old pounds is a whole number of hundredths of a new one"),
        (ONE, 5, "", None, None),
        (ONE, 5, "", "new", "a fee in JOD says no pound: there is but one money of that name"),
    ],
)
def test_an_amount_says_which_money_it_means_where_there_are_two(
    money: Currency, minor: int, code: str, pound: str | None, why: str | None
) -> None:
    if why is None:
        money.check(minor, code, pound)
        return
    with pytest.raises(ValueError, match="a fee in") as error:
        money.check(minor, code, pound)
    assert str(error.value) == why


def test_what_is_due_is_in_the_money_that_counts_now() -> None:
    assert [OLD_AND_NEW.due(500, pound) for pound in ("old", "new", None)] == [5, 500, 500]
    assert ONE.due(500, "old") == 500


@pytest.mark.parametrize(
    ("forms", "why"),
    [
        ({"xx": {"other": "{n} x"}}, "counted.xx lacks CLDR's rule"),
        ({"en": {"one": "{n} x"}}, "counted.en lacks a form for every number"),
        ({"en": {"other": "coins"}}, "counted.en lacks a form for every number"),
        ({"en": {"other": "{n} x", "some": "x"}}, "counted.en lacks a form for every number"),
    ],
)
def test_forms_of_counted_money_are_cldrs(forms: dict[str, dict[str, str]], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Currency("JOD", 3, {}, counted=forms)
    Currency("JOD", 3, {}, counted={"en": {"one": "a coin", "other": "{n} coins"}})


def test_older_money_is_counted_in_both_languages() -> None:
    with pytest.raises(ValueError, match="former_counted lacks en; right would be each text in ar and en"):
        Currency("SYP", 2, {}, 100, {}, {"ar": {"other": "{n}"}})


def png(width: int, height: int, size: int = 100) -> bytes:
    head = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + struct.pack(">II", width, height)
    return head + bytes(size - len(head))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "brand.toml"
    path.write_text('region = "LB"\nemblem = "e.png"\nornament = "o.png"\n', encoding="utf-8")
    for name in "eo":
        (tmp_path / f"{name}.png").write_bytes(png(64, 64))
    return path


@pytest.mark.parametrize(
    ("name", "picture", "why"),
    [
        ("o", png(64, 1024), None),
        ("o", png(64, 64, 24), None),
        ("o", png(64, 64, 200_000), None),
        ("e", png(1024, 1024), None),
        ("o", png(64, 64, 200_001), "ornament is no PNG of this size"),
        ("o", png(64, 64, 24)[:-1], "ornament is no PNG of this size"),
        ("o", b"x" + png(64, 64), "ornament is no PNG of this size"),
        ("o", png(63, 64), "ornament is 63 x 64 dots; right would be a PNG of 64 to 1024 dots a side"),
        ("o", png(64, 1025), "ornament is 64 x 1025 dots; right would be a PNG of 64 to 1024 dots a side"),
        ("e", png(64, 65), "emblem is 64 x 65 dots; right would be as wide as high"),
    ],
)
def test_a_picture_is_taken_up_to_its_bounds(file: Path, name: str, picture: bytes, why: str | None) -> None:
    (file.parent / f"{name}.png").write_bytes(picture)
    if why is None:
        found = load_brand(file)
        assert found.picture({"e": "emblem", "o": "ornament"}[name]) == picture
        assert found.picture("other") is None
        return
    with pytest.raises(BrandError) as error:
        load_brand(file)
    assert why in str(error.value)


def test_the_centres_time_is_asked_as_any_zone() -> None:
    use(msgspec.structs.replace(brand(), time_zone="Europe/Berlin"))
    summer, winter = datetime(2026, 7, 1, 12, tzinfo=CENTRE_TIME), datetime(2026, 1, 1, 12, tzinfo=CENTRE_TIME)
    assert [one.utcoffset() for one in (summer, winter)] == [timedelta(hours=2), timedelta(hours=1)]
    assert [one.dst() for one in (summer, winter)] == [timedelta(hours=1), timedelta(0)]
    assert [one.tzname() for one in (summer, winter)] == ["CEST", "CET"]
    assert datetime(2026, 7, 1, 10, tzinfo=UTC).astimezone(CENTRE_TIME) == summer
    assert datetime(2026, 7, 1, 10, tzinfo=UTC).astimezone(CENTRE_TIME).hour == 12
