"""One municipality's file: laid over the shipped one, in force for a process, and refused by name where it is wrong."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from central.base import clock
from central.publishing.service_entry import Fee as EntryFee
from common.city.brand.brand import SHIPPED, BrandError, Currency, brand, load_brand, use
from common.city.catalogue import Fee
from kiosk.flows.ordering.fees import fee_text
from kiosk.language import Language
from offline_store.issuing.business_day import ZONE, business_date

OTHER = Path(__file__).parents[3] / "deploy" / "brand" / "brand.toml"


@pytest.fixture(autouse=True)
def _another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.city.brand.brand._in_force", [])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(OTHER.parent, tmp_path / "brand")
    return tmp_path / "brand" / "brand.toml"


def test_homs_is_what_comes() -> None:
    assert (brand().time_zone, brand().app.issuer, brand().currency.code) == ("Asia/Damascus", "muamalati", "SYP")
    assert brand().authority is None
    assert brand().picture("emblem")
    assert load_brand(SHIPPED).picture("ornament") == brand().picture("ornament")


def test_what_a_file_leaves_out_is_as_it_comes_but_pictures(tmp_path: Path) -> None:
    (tmp_path / "brand.toml").write_text('region = "LB"\n', encoding="utf-8")
    found = load_brand(tmp_path / "brand.toml")
    assert found.region == "LB"
    assert found.currency == brand().currency
    assert found.picture("emblem") is None


def test_every_clock_shows_the_time_of_the_brand_in_force() -> None:
    moment = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    assert f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M %z}" == "2026-07-01 04:30 +0300"
    assert business_date(moment) == clock.business_date(moment) == date(2026, 7, 1)
    use(msgspec.structs.replace(load_brand(OTHER), time_zone="Africa/Tunis"))
    assert f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M %z}" == "2026-07-01 02:30 +0100"
    assert business_date(moment) == clock.business_date(moment) == date(2026, 6, 30)
    local = datetime(2026, 7, 1, 8, tzinfo=ZONE)
    assert local.astimezone(UTC) == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_texts_say_the_app_the_money_and_the_months_of_another_place() -> None:
    assert "«معاملاتي»" in Language("ar").text("start.order")
    use(load_brand(OTHER))
    assert Language("ar").text("start.order") == "طلبتُ وثيقة بتطبيق «دوري»"
    assert Language("en").text("start.order") == "I ordered in the Dawri app"
    said = fee_text(Fee(12_345))
    assert Language("en").text(said.msgid, **said.values) == "12.345 Jordanian dinars"
    assert Language("ar").day(date(2026, 11, 26)) == "الخميس 26 تشرين الثاني"


def test_months_are_those_of_the_region(copy: Path) -> None:
    copy.write_text(copy.read_text("utf-8").replace('region = "JO"', 'region = "EG"'), encoding="utf-8")
    use(load_brand(copy))
    assert Language("ar").day(date(2026, 11, 26)) == "الخميس 26 نوفمبر"


@pytest.mark.parametrize(
    ("exponent", "minor", "text"),
    [(2, 150_000, "1,500"), (2, 150_050, "1,500.50"), (3, 1_005, "1.005"), (0, 1_500, "1,500"), (3, 0, "0")],
)
def test_amounts_have_the_places_of_their_currency(exponent: int, minor: int, text: str) -> None:
    assert Currency("XXX", exponent, {}).amount(minor) == text


@pytest.mark.parametrize("kind", [Fee, EntryFee])
def test_which_pound_is_said_only_where_there_are_two(kind: type[Fee | EntryFee]) -> None:
    with pytest.raises(ValueError, match="100 old ones are 1 new one"):
        kind(500)
    kind(500, "USD")
    with pytest.raises(ValueError, match="says no pound"):
        kind(500, "USD", "new")
    use(load_brand(OTHER))
    kind(500)
    with pytest.raises(ValueError, match="a fee in JOD says no pound"):
        kind(500, "JOD", "new")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"Asia/Amman"', '"Asia/Ammann"'), 'time_zone is "Asia/Ammann"; right would be one such as "Asia/Damascus"'),
        (
            ("exponent = 3", "exponent = 9"),
            "line 23: currency.exponent is 9; right would be decimal places from 0 to 4",
        ),
        (("issuer", "isuer"), "app.isuer is not a setting; known there are: issuer, names"),
        (('code = "JOD"', ""), 'currency.code is missing; right would be a currency such as "SYP"'),
        (('en = "Harbour Municipality"', ""), "authority lacks en; right would be each text in ar and en"),
        (('"#1B3A73"', '"blue"'), "colours.primary is 'blue'; right would be a colour such as \"#0A4F45\""),
        (('"emblem.png"', '"../emblem.png"'), "emblem is '../emblem.png'; right would be a PNG beside this file"),
        (('"emblem.png"', '"ornament.png"'), "emblem is 128 x 64 dots; right would be as wide as high"),
        (('"emblem.png"', '"brand.toml"'), "emblem is no PNG of this size; right would be a PNG of 64 to 1024 dots"),
        (('"emblem.png"', '"none.png"'), "emblem can't be read: No such file or directory"),
        (("pressed =", "hue ="), "colours.hue is not a setting; known there are: primary, primary_low"),
        (
            ("#1B3A73", "#7A9BD6"),
            "colours: primary #7A9BD6 on ground #F4F6FA has a contrast of 2.6:1; right would be 7:1 or more",
        ),
        (("[app]", "[app"), "not valid TOML"),
    ],
)
def test_a_brand_that_cannot_be_used_is_named(copy: Path, change: tuple[str, str], named: str) -> None:
    text = copy.read_text("utf-8")
    assert change[0] in text
    copy.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BrandError) as refused:
        load_brand(copy)
    assert named in str(refused.value)
    assert str(refused.value).startswith(str(copy.parent))


@pytest.mark.parametrize("field", ["app.names", "currency.names"])
def test_a_name_in_one_language_alone_is_refused_by_name(copy: Path, field: str) -> None:
    section, _, name = field.partition(".")
    text = re.sub(rf"(?ms)^(\[{section}\].*?^{name} = ).*?$", r'\1{ ar = "x" }', copy.read_text("utf-8"), count=1)
    copy.write_text(text, encoding="utf-8")
    with pytest.raises(BrandError, match=re.escape(field)):
        load_brand(copy)
