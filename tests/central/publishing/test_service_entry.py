"""An entry of the catalogue at the edges of what kiosks read, and names that mean nothing at any depth."""

from typing import Any

import msgspec
import pytest
from msgspec import Struct

from central.publishing.publication import check_catalogue
from central.publishing.unknown import Unknown, unknown_field

NAMES = {"ar": "رخصة", "en": "Permit"}
FEE = {"amount_minor": 150, "currency": "SYP", "pound": "new"}
HOURS = {"opens": "08:00", "closes": "14:00"}
DOCUMENT = {"code": "copy", "names": NAMES}


def checked(**entry: Any) -> list[dict[str, Any]]:
    content = msgspec.json.encode({"services": [{"code": "permit"} | entry]})
    return check_catalogue(content).services


@pytest.mark.parametrize(
    "entry",
    [
        {"code": "a" * 40},
        {"group": "x" * 20},
        {"prefix": ""},
        {"prefix": "Z"},
        {"papers": [NAMES] * 12},
        {"papers": []},
        {"documents": [DOCUMENT | {"fee": None}, DOCUMENT | {"fee": FEE}] * 6},
        {"fee": None, "hours": None, "daily_quota": None},
        {"fee": FEE | {"amount_minor": 0}},
        {"fee": FEE | {"amount_minor": 10**12}},
        {"fee": {"amount_minor": 100, "pound": "old"}},
        {"hours": HOURS | {"closes": "08:01", "days": ["sun"]}},
        {"daily_quota": 1},
        {"daily_quota": 9999},
        {"numbers": "warn", "orderable": False, "main": True, "offered": False},
        {"numbers": "stop"},
    ],
)
def test_an_entry_of_the_largest_and_least_is_taken_as_it_stands(entry: dict[str, Any]) -> None:
    assert checked(**entry) == [{"code": "permit"} | entry]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"code": "a" * 41}, "code"),
        ({"code": ""}, "code"),
        ({"group": ""}, "group"),
        ({"group": "x" * 21}, "group"),
        ({"prefix": "z"}, "prefix"),
        ({"prefix": "Z\n"}, "prefix"),
        ({"names": {"ar": "رخصة"}}, ""),
        ({"papers": [NAMES] * 13}, "papers"),
        ({"papers": [NAMES, {"en": "x"}]}, ""),
        ({"documents": [DOCUMENT] * 13}, "documents"),
        ({"documents": [DOCUMENT | {"names": {"en": "x"}}]}, "documents[0]"),
        ({"documents": [DOCUMENT | {"colour": "red"}]}, "documents[0]"),
        ({"fee": FEE | {"amount_minor": -1}}, "fee.amount_minor"),
        ({"fee": FEE | {"amount_minor": 10**12 + 1}}, "fee.amount_minor"),
        ({"fee": FEE | {"currency": "syp"}}, "fee.currency"),
        ({"fee": FEE | {"currency": "EURO"}}, "fee.currency"),
        ({"fee": {"amount_minor": 1}}, "fee"),
        ({"hours": HOURS | {"closes": "08:00"}}, "hours"),
        ({"hours": HOURS | {"closes": "07:59"}}, "hours"),
        ({"hours": HOURS | {"days": []}}, "hours.days"),
        ({"hours": HOURS | {"days": ["someday"]}}, "hours.days[0]"),
        ({"hours": {"opens": "08:00"}}, "hours"),
        ({"daily_quota": 0}, "daily_quota"),
        ({"daily_quota": 10_000}, "daily_quota"),
        ({"numbers": "go"}, "numbers"),
        ({"main": 1}, "main"),
        ({"nams": NAMES}, ""),
    ],
)
def test_one_beyond_is_named_by_its_field(entry: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match="services") as refused:
        checked(**entry)
    path = str(refused.value).partition(":")[0]
    assert path == (f"services[0].{field}" if field else path)
    assert path.startswith("services[0]")


class Inner(Struct, frozen=True, rename={"begins": "from"}):
    begins: str = ""


class Outer(Struct):
    inner: Inner = Inner()
    many: list[Inner] = []
    by_name: dict[str, Inner] = {}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, None),
        ({"inner": {"from": "x"}, "many": [{}], "by_name": {"a": {"from": "y"}}}, None),
        ({"z": 1, "b": 2}, Unknown("b", ("inner", "many", "by_name"))),
        ({"x" * 61: 1}, Unknown("x" * 60, ("inner", "many", "by_name"))),
        ({"inner": {"begins": "x"}}, Unknown("inner.begins", ("from",))),
        ({"many": [{}, {"until": 1}]}, Unknown("many[1].until", ("from",))),
        ({"by_name": {"a": {}, "b": {"until": 1}}}, Unknown("by_name.b.until", ("from",))),
    ],
)
def test_the_first_name_that_no_reader_takes_is_found_at_any_depth(said: dict[str, Any], found: Unknown | None) -> None:
    assert unknown_field(msgspec.convert(said, Outer), said) == found
