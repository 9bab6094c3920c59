"""Amounts in words: the number as its language counts it, each of two pounds by its own name."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from common.city.brand.brand import BrandError, load_brand, use
from common.city.money import MOST, money, smallest
from kiosk.desk.payments.amounts import amount_text
from kiosk.language import Language

OTHER = Path(__file__).parents[3] / "deploy" / "brand" / "brand.toml"
TABLE = """[currency]
code = "SYP"
exponent = 2
names = { ar = "ليرة سورية", en = "Syrian pounds" }
former = 100
"""


@pytest.fixture(autouse=True)
def _another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.city.brand.brand._in_force", [])


@pytest.mark.parametrize(
    ("pounds", "ar", "en"),
    [
        ("0", "0 ليرة سورية جديدة", "0 new Syrian pounds"),
        ("1", "ليرة سورية جديدة واحدة", "1 new Syrian pound"),
        ("2", "ليرتان سوريتان جديدتان", "2 new Syrian pounds"),
        ("3", "3 ليرات سورية جديدة", "3 new Syrian pounds"),
        ("10", "10 ليرات سورية جديدة", "10 new Syrian pounds"),
        ("11", "11 ليرة سورية جديدة", "11 new Syrian pounds"),
        ("99", "99 ليرة سورية جديدة", "99 new Syrian pounds"),
        ("100", "100 ليرة سورية جديدة", "100 new Syrian pounds"),
        ("103", "103 ليرات سورية جديدة", "103 new Syrian pounds"),
        ("42,500", "42,500 ليرة سورية جديدة", "42,500 new Syrian pounds"),
        ("3.50", "3.50 ليرة سورية جديدة", "3.50 new Syrian pounds"),
        ("1.05", "1.05 ليرة سورية جديدة", "1.05 new Syrian pounds"),
    ],
)
def test_a_sum_is_called_as_its_number_is_counted(pounds: str, ar: str, en: str) -> None:
    minor = round(float(pounds.replace(",", "")) * 100)
    assert money(minor) == {"ar": ar, "en": en}
    old = {"ar": ar.replace("جديدتان", "قديمتان").replace("جديدة", "قديمة"), "en": en.replace("new", "old")}
    assert money(minor, "SYP", "old") == old
    assert money(minor, "SYP", "new") == money(minor)


def test_another_money_is_its_code() -> None:
    assert money(150, "USD") == {"ar": "1.50 USD", "en": "1.50 USD"}


def test_another_town_counts_its_own_money() -> None:
    use(load_brand(OTHER))
    assert [money(n * 1000)["ar"] for n in (2, 5, 12)] == ["ديناران أردنيان", "5 دنانير أردنية", "12 ديناراً أردنياً"]
    assert money(1500)["ar"] == "1.500 دينار أردني"


def test_a_town_whose_file_is_older_counts_the_pounds_as_shipped(tmp_path: Path) -> None:
    own = tmp_path / "brand.toml"
    own.write_text(TABLE)
    use(load_brand(own))
    assert money(300)["ar"] == "3 ليرة سورية", "its own name, of which it has said no more"
    assert money(300, "SYP", "old")["ar"] == "3 ليرات سورية قديمة"
    own.write_text(TABLE.replace('"ليرة سورية"', '"ليرة سورية جديدة"').replace('"Syrian', '"new Syrian'))
    use(load_brand(own))
    assert money(300)["ar"] == "3 ليرات سورية جديدة"


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('counted = { ar = { few = "{n} دنانير" } }', "counted.ar lacks a form for every number"),
        ('counted = { en = { other = "dinars" } }', "counted.en lacks a form for every number"),
        ('counted = { en = { lots = "{n} dinars", other = "{n} dinars" } }', "counted.en lacks a form"),
        ('counted = { zz = { other = "{n} dinars" } }', "counted.zz lacks CLDR's rule"),
        ("former = 100", "former_counted lacks ar and en"),
        ("counted = 3", "counted is 3; right would be by language how so many are called"),
    ],
)
def test_forms_that_leave_a_number_without_words_are_refused(tmp_path: Path, more: str, named: str) -> None:
    own = tmp_path / "brand.toml"
    own.write_text(TABLE.replace("SYP", "JOD").replace("former = 100\n", f"{more}\n"))
    with pytest.raises(BrandError, match=named):
        load_brand(own)


@dataclass(frozen=True)
class Bill:
    amount: int
    currency: str = "SYP"
    pound: str = "old"


def test_a_bill_in_old_pounds_says_both() -> None:
    said = amount_text(Bill(30_000))
    assert Language("ar").text(said.msgid, **said.values) == "300 ليرة سورية قديمة، أي 3 ليرات سورية جديدة"
    assert Language("en").text(said.msgid, **said.values) == "300 old Syrian pounds (3 new Syrian pounds)"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("125.50", 12_550), ("1.255E+2", 12_550), (125, 12_500), ("0", 0), ("0E+3", 0), ("1E10", MOST)],
)
def test_an_amount_of_others_is_counted_in_the_smallest_unit(written: str | int, expected: int) -> None:
    assert smallest(written, 2) == expected


@pytest.mark.parametrize(
    "written",
    [
        "1E999990", "1E999999", "-1E999999", "1E-999990", "0E999999", "1E11", "-1", "0.001", "NaN", "sNaN", "Infinity",
        "x", "", "1." + 40 * "0" + "1", 10**40,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_before_it_is_written_out(written: str | int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        smallest(written, 2)
