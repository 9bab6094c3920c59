import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import fields
from structlog.testing import capture_logs

from central.publishing.service_entry import ServiceEntry
from common.city.brand.brand import load_brand
from common.city.catalogue import SHIPPED, CatalogueError, Fee, Hours, Published, Service, load_catalogue
from kiosk.flows.ordering.fees import fee_text
from kiosk.flows.service import hours_text
from kiosk.language import Language
from offline_store.issuing.business_day import ZONE
from tests.screens.pictures.brands import OTHER

GROUPS = {
    "A": ["civil-affairs", "state-employees", "judicial-record"],
    "B": ["clearance", "plan-copy", "licence-copy", "lease-copy", "lease-registration", "mukhtar-seal"],
    "C": ["water-bill", "electricity-bill", "telephone-bill", "electricity-meter"],
    "D": ["commercial-bank", "vehicle-insurance"],
}
HOMS = [code for codes in GROUPS.values() for code in codes]
NAMES = [
    "وثائق الشؤون المدنية",
    "سجل العاملين في الدولة («غير\u00a0موظف»)",
    "السجل العدلي («غير\u00a0محكوم»)",
    "براءة ذمة من مجلس المدينة",
    "صورة مصدقة عن مخطط تنظيمي مرخص",
    "صورة مصدقة عن رخصة مؤرشفة",
    "صورة عن عقد إيجار موثق",
    "توثيق عقد إيجار",
    "تصديق ختم المختار",
    "دفع فاتورة المياه",
    "دفع فاتورة الكهرباء",
    "دفع فاتورة الهاتف",
    "تركيب عداد كهرباء",
    "خدمات المصرف التجاري السوري",
    "التأمين الإلزامي للمركبات",
]


def test_the_fifteen_services_of_homs_are_shipped_by_the_contracts_codes_and_prefixes() -> None:
    catalogue = load_catalogue()
    shipped = [service for service in catalogue.services if service.code in HOMS]  # others may be added
    found: dict[str, list[str]] = {}
    for service in shipped:
        found.setdefault(service.group, []).append(service.code)
        assert service.prefix == service.group
    assert found == GROUPS
    assert [service.names["ar"] for service in shipped] == NAMES
    assert catalogue.disabled == {}


def test_each_group_that_a_service_or_desk_belongs_to_has_a_name_and_a_mark() -> None:
    catalogue = load_catalogue()
    assert {service.queue for service in catalogue.known.values()} == catalogue.marks.keys()
    assert {service.group for service in catalogue.services} == catalogue.groups.keys()


def test_what_a_service_costs_here_is_left_out_where_money_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    fee = 'fee = { amount_minor = 150000, currency = "SYP", pound = "new" }'
    text += f"""
[[services]]
code = "building-permit"
group = "B"
prefix = "B"
names = {{ ar = "رخصة بناء", en = "Building permit" }}
{fee}
documents = [{{ code = "permit", names = {{ ar = "رخصة", en = "Permit" }}, {fee} }}]
"""
    path = tmp_path / "services.toml"
    path.write_text(text, encoding="utf-8")
    here = load_catalogue(path=path).get("building-permit")
    assert here is not None
    assert here.fee_of("permit") == here.fee == Fee(150000, "SYP", "new")
    monkeypatch.setattr("common.city.brand.brand._in_force", [load_brand(OTHER)])
    there = load_catalogue(path=path)
    permit = there.get("building-permit")
    assert permit is not None
    assert (permit.fee_of("permit"), permit.documents[0].code, there.disabled) == (None, "permit", {})


def test_civil_affairs_and_the_employees_register_can_be_ordered() -> None:
    assert {"civil-affairs", "state-employees"} <= {service.code for service in load_catalogue().orderable}


def test_six_services_are_on_the_start_screen_or_those_the_settings_name() -> None:
    assert len(load_catalogue().main()) == 6
    chosen = load_catalogue().main(["vehicle-insurance", "nonsense", "water-bill"])
    assert [service.code for service in chosen] == ["vehicle-insurance", "water-bill"]
    assert len(load_catalogue().main([service.code for service in load_catalogue().services])) == 6
    assert len(load_catalogue().main(["nonsense"])) == 6


BAD: list[dict[str, Any]] = [
    {"prefix": "AB"},
    {"prefix": "ب"},
    {"prefix": "a"},
    {"names": {"ar": "س"}},
    {"names": {"ar": "س", "en": "x", "French": "x"}},
    {"papers": [{"en": "identity card"}]},
    {"names": {"ar": "", "en": "x"}},
    {"names": {"ar": "س" * 100, "en": "x"}},
    {"names": {"ar": "سطر\nآخر", "en": "x"}},
    {"fee": {"amount_minor": -1}},
    {"fee": {"amount_minor": "free"}},
    {"fee": {"amount_minor": 5000}},  # which pound?
    {"fee": {"amount_minor": 5050, "pound": "old"}},
    {"fee": {"amount_minor": 5000, "pound": "gold"}},
    {"hours": {"opens": "8", "closes": "14:00"}},
    {"hours": {"opens": "14:00", "closes": "08:00"}},
    {"hours": {"opens": "08:00", "closes": "14:00", "days": []}},
    {"hours": {"opens": "08:00", "closes": "14:00", "days": ["someday"]}},
    {"daily_quota": 0},
    {"papers": "identity card"},
    {"group": None},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_one_bad_entry_disables_that_entry_with_a_line_in_the_log(bad: dict[str, Any]) -> None:
    with capture_logs() as lines:
        catalogue = load_catalogue([{"code": "plan-copy", **bad}])
    assert list(catalogue.disabled) == ["plan-copy"]
    assert len(catalogue.services) == len(load_catalogue().services) - 1
    assert [(line["event"], line["service"]) for line in lines] == [("catalogue-entry-disabled", "plan-copy")]


@pytest.mark.parametrize(
    "entry", [{}, {"code": 5}, {"code": "x\n"}, {"code": "UPPER", "group": "A"}, {"code": "a" * 99}]
)
def test_an_entry_without_a_usable_code_costs_no_other(entry: dict[str, Any]) -> None:
    catalogue = load_catalogue([entry])
    assert len(catalogue.services) == len(load_catalogue().services)
    assert len(catalogue.disabled) == 1


def test_the_feed_changes_fields_adds_services_and_takes_them_away() -> None:
    new = {"code": "passports", "group": "E", "prefix": "", "names": {"ar": "جوازات", "en": "Passports"}}
    catalogue = load_catalogue(
        [{"code": "water-bill", "fee": {"amount_minor": 0}}, {"code": "plan-copy", "offered": False}, new]
    )
    assert catalogue.get("plan-copy") is None
    water, passports = catalogue.get("water-bill"), catalogue.get("passports")
    assert water is not None
    assert water.names["en"] == "Pay a water bill"
    assert catalogue.free == {"water-bill"}
    assert passports is not None
    assert passports.prefix == ""


def test_a_service_has_a_name_in_any_language_that_somebody_has_given_it() -> None:
    names = {"ar": "فاتورة المياه", "en": "Water bill", "fr": "Facture d’eau"}
    water = load_catalogue([{"code": "water-bill", "names": names}]).get("water-bill")
    assert water is not None
    assert water.names == names


def test_the_feed_cannot_take_a_desk_away() -> None:
    fake = {"code": "cashier", "group": "A", "prefix": "Z", "names": {"ar": "س", "en": "x"}}
    cashier = load_catalogue([fake]).get("cashier")
    assert cashier is not None
    assert (cashier.prefix, cashier.group) == ("Y", "Y")


def test_unknown_codes_name_themselves() -> None:
    assert load_catalogue().centre_names("homs-far") == {"ar": "homs-far", "en": "homs-far"}
    assert load_catalogue().names("gone") == {"ar": "gone", "en": "gone"}


@pytest.mark.parametrize("content", [None, "services = [", '[groups]\nA = "x"'])
def test_a_shipped_file_that_cannot_be_read_is_said_so(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "services.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"services\.toml"):
        load_catalogue(path=path)


def test_the_shipped_file_and_central_hold_only_fields_that_are_known() -> None:
    known = {field.name for field in fields(Service)}
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert {name for entry in shipped["services"] for name in entry} <= known
    assert {field.name for field in fields(ServiceEntry)} == known


NAMED = {"ar": "س", "en": "x"}
OPEN = {"opens": "08:00", "closes": "14:00"}


@pytest.mark.parametrize(
    "change",
    [
        {"code": "x" * 41}, {"group": None}, {"group": ""}, {"prefix": "a"}, {"names": None}, {"names": {"ar": "س"}},
        {"names": NAMED | {"en": "x" * 81}}, {"names": NAMED | {"en": " "}}, {"names": NAMED | {"fra": "x"}},
        {"papers": [{"en": "x"}]}, {"papers": [NAMED] * 13}, {"papers": None}, {"fee": "free"}, {"fee": {}},
        {"fee": {"amount_minor": -1}}, {"fee": {"amount_minor": 1, "currency": "lira"}}, {"fee": {"amount_minor": 100}},
        {"fee": {"amount_minor": 101, "pound": "old"}}, {"fee": {"amount_minor": 1, "pound": "silver"}},
        {"hours": {"opens": "08:00"}}, {"documents": [{"code": "birth", "names": {"en": "x"}}]},
        {"documents": [{"code": "Birth", "names": NAMED}]}, {"documents": [{"names": NAMED}]},
        {"hours": OPEN | {"opens": "25:00"}}, {"hours": OPEN | {"closes": "08:00"}}, {"hours": OPEN | {"days": []}},
        {"hours": OPEN | {"days": ["friday"]}}, {"daily_quota": 0}, {"orderable": None}, {"main": 1}, {"offered": "no"},
    ],
)  # fmt: skip
def test_central_publishes_no_entry_that_would_take_a_service_away(change: dict[str, Any]) -> None:
    entry = {"code": "new", "group": "A", "prefix": "A", "names": NAMED} | change
    assert load_catalogue([entry]).disabled
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(entry, ServiceEntry)


@pytest.mark.parametrize(
    "change",
    [
        {}, {"fee": None, "hours": None, "daily_quota": None}, {"fee": {"amount_minor": 0}},
        {"fee": {"amount_minor": 1, "pound": "new"}},
        {"fee": {"amount_minor": 100, "pound": "old"}}, {"prefix": ""},
        {"documents": [{"code": "birth", "names": NAMED, "fee": {"amount_minor": 1, "pound": "new"}}]},
        {"hours": OPEN | {"days": ["sun"]}}, {"papers": [NAMED | {"fr": "x"}] * 12},
    ],
)  # fmt: skip
def test_central_publishes_what_a_kiosk_can_read(change: dict[str, Any]) -> None:
    entry = {"code": "new", "group": "A", "prefix": "A", "names": NAMED} | change
    assert load_catalogue([entry]).get("new") is not None
    msgspec.convert(entry, ServiceEntry)


def test_a_field_that_nobody_knows_is_refused_at_central_and_passed_over_by_a_kiosk() -> None:
    """A typing error is named to who publishes; a newer central's field costs an older kiosk no service."""
    entry = {"code": "new", "group": "A", "prefix": "A", "names": NAMED, "colour": "blue"}
    assert load_catalogue([entry]).get("new") is not None
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(entry, ServiceEntry)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_hours_open_at_the_minute_and_close_at_the_minute() -> None:
    hours = Hours(opens="08:00", closes="14:00", days=("sun", "mon", "tue", "wed", "thu"))
    assert not hours.is_open(at("2026-11-25T07:59:59"))
    assert hours.is_open(at("2026-11-25T08:00:00"))
    assert hours.is_open(at("2026-11-25T13:59:59"))
    assert not hours.is_open(at("2026-11-25T14:00:00"))
    assert not hours.is_open(at("2026-11-27T10:00:00"))  # Friday


def test_the_next_opening_skips_closed_days() -> None:
    hours = Hours(opens="08:00", closes="14:00", days=("sun", "thu"))
    assert str(hours.next_opening(at("2026-11-26T07:00:00"))) == "2026-11-26"
    assert str(hours.next_opening(at("2026-11-26T08:00:00"))) == "2026-11-29"


@pytest.mark.parametrize(
    ("fee", "text"),
    [
        (Fee(0), "Free of charge"),
        (Fee(150_000, pound="new"), "1,500 new Syrian pounds"),
        (Fee(150_050, pound="new"), "1,500.50 new Syrian pounds"),
        (Fee(150_000, pound="old"), "15 new Syrian pounds"),
        (Fee(1200, "USD"), "12 USD"),
    ],
)
def test_fees_are_said_in_whole_sentences(fee: Fee, text: str) -> None:
    said = fee_text(fee)
    assert Language("en").text(said.msgid, **said.values) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "كل يوم من 08:00 إلى 14:00"),
        (("mon", "tue", "wed", "thu", "sat", "sun"), "كل يوم عدا الجمعة، من 08:00 إلى 14:00"),
        (("sun", "mon", "tue", "wed", "thu"), "كل يوم عدا الجمعة والسبت، من 08:00 إلى 14:00"),
        (("sun", "wed"), "يومان في الأسبوع، من 08:00 إلى 14:00"),
    ],
)
def test_hours_are_said_without_a_dash_that_would_be_turned_round(days: Any, text: str) -> None:
    said = hours_text(Hours(opens="08:00", closes="14:00", days=days))
    assert Language("ar").text(said.msgid, **said.values) == text


def test_a_service_that_is_not_offered_any_more_stays_known_for_the_tickets_that_name_it() -> None:
    found = load_catalogue([{"code": "clearance", "offered": False}])
    assert found.get("clearance") is None
    assert found.known["clearance"].queue == "B"
    assert found.known["cashier"].queue == "Y"


PERMITS = {"names": {"ar": "الرخص", "en": "Permits"}, "mark": {"colour": "#1B4585", "sign": "cross"}}


def test_groups_marks_and_desks_may_be_published_and_a_wrong_one_leaves_what_is_shipped() -> None:
    desk = {"prefix": "Z", "names": {"ar": "الاستعلامات", "en": "Front desk"}}
    pale = {"mark": {"colour": "#FFEE00", "sign": "circle"}}
    found = load_catalogue(Published((), {"E": PERMITS, "A": pale, "F": {"named": {}}}, {"information": desk}))
    shipped = load_catalogue()
    assert (found.groups["E"]["en"], found.marks["E"].sign) == ("Permits", "cross")
    assert (found.groups["A"], found.marks["A"]) == (shipped.groups["A"], shipped.marks["A"])
    assert "contrast" in found.disabled["Group A"]
    assert "Group F" in found.disabled
    assert (found.desks["information"].queue, found.names("information")["en"]) == ("Z", "Front desk")
    assert found.desks["cashier"] == shipped.desks["cashier"]
