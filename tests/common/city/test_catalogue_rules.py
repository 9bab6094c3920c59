"""What a service says of itself, and a catalogue of its services: each rule on both of its sides."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from common.city.catalogue import Catalogue, Document, Fee, Hours, Service, load_catalogue
from common.city.groups import DeskEntry, Group, GroupMark, require_both

NAMES = {"ar": "خدمة", "en": "Service"}
PAPER = {"ar": "ورقة", "en": "Paper"}


def service(code: str = "one", **fields: Any) -> Service:
    return Service(code=code, **({"group": "A", "prefix": "A", "names": NAMES} | fields))


@pytest.mark.parametrize(
    ("group", "prefix", "queue"),
    [("A", "B", "B"), ("C", "", "C"), ("c", "", "C"), ("Registry", "", ""), ("7", "", ""), ("Registry", "R", "R")],
)
def test_a_services_queue_is_its_letter_or_its_groups(group: str, prefix: str, queue: str) -> None:
    assert service(group=group, prefix=prefix).queue == queue


@pytest.mark.parametrize(
    ("fields", "is_described"),
    [({}, False), ({"papers": (PAPER,)}, True), ({"fee": Fee(0)}, True), ({"hours": Hours("08:00", "09:00")}, True)],
)
def test_a_service_is_described_where_a_citizen_could_read_something_of_it(
    fields: dict[str, Any], is_described: bool
) -> None:
    assert service(**fields).is_described is is_described


def test_a_document_has_its_own_fee_and_name_or_the_services() -> None:
    fee, own = Fee(100, "", "new"), Fee(200, "", "new")
    found = service(fee=fee, documents=(Document("copy", PAPER, own), Document("extract", PAPER)))
    assert [found.fee_of(code) for code in ("copy", "extract", "other", None)] == [own, fee, fee, fee]
    assert [found.document_names(code) for code in ("copy", "other", None)] == [PAPER, NAMES, NAMES]
    assert service().fee_of("copy") is None


SERVICES = [service(f"s{n}", orderable=n in (2, 5), fee=Fee(n)) if n == 0 else service(f"s{n}") for n in range(8)]


def catalogue(*services: Service) -> Catalogue:
    desk = service("cashier", group="Y", prefix="Y")
    return replace(load_catalogue(), services=services, desks={"cashier": desk})


def test_six_services_stand_on_the_start_screen() -> None:
    plain = catalogue(*SERVICES)
    assert plain.main() == tuple(SERVICES[:6])
    marked = [service(f"m{n}", main=n % 2 == 1) for n in range(4)]
    assert [one.code for one in catalogue(*marked).main()] == ["m1", "m3"]
    assert [one.code for one in plain.main(["s7", "cashier", "none"])] == ["s7", "cashier"]
    assert [one.code for one in plain.main([f"s{n}" for n in range(7, -1, -1)])] == ["s7", "s6", "s5", "s4", "s3", "s2"]


def test_services_are_found_by_code_and_named() -> None:
    found = catalogue(service("a", orderable=True), service("b", fee=Fee(0)), service("c", fee=Fee(5, "", "new")))
    assert found.get("cashier") is found.desks["cashier"]
    assert found.get("b") is found.services[1]
    assert found.get("none") is None
    assert (found.names("b"), found.names("none")) == (NAMES, {"ar": "none", "en": "none"})
    assert found.orderable == (found.services[0],)
    assert found.free == {"b"}


@pytest.mark.parametrize(
    ("now", "is_open", "opens_on", "next_opening"),
    [
        ("2026-11-24T07:59", False, True, "2026-11-24"),
        ("2026-11-24T08:00", True, True, "2026-11-25"),
        ("2026-11-25T13:59", True, True, "2026-11-29"),
        ("2026-11-25T14:00", False, True, "2026-11-29"),
        ("2026-11-26T10:00", False, False, "2026-11-29"),
        ("2026-11-28T07:00", False, False, "2026-11-29"),
        ("2026-11-29T07:00", False, True, "2026-11-29"),
    ],
)
def test_hours_on_some_days_of_the_week(now: str, is_open: bool, opens_on: bool, next_opening: str) -> None:
    hours = Hours("08:00", "14:00", ("sun", "mon", "tue", "wed"))
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert hours.is_open(moment) is is_open
    assert hours.opens_on(moment.date()) is opens_on
    assert hours.next_opening(moment) == date.fromisoformat(next_opening)


@pytest.mark.parametrize(("opens", "closes"), [("08:00", "08:00"), ("08:01", "08:00")])
def test_hours_end_after_they_begin(opens: str, closes: str) -> None:
    with pytest.raises(ValueError, match=f"opens {opens} is not before closes {closes}"):
        Hours(opens, closes)
    with pytest.raises(ValueError, match="days is empty"):
        Hours("08:00", "08:01", ())


def test_a_mark_can_be_told_from_white_and_a_name_is_in_both_languages() -> None:
    assert GroupMark("#595959", "circle").colour == "#595959"
    with pytest.raises(ValueError, match=r"the colour #5A5A5A has a contrast of 6\.9:1 on white, less than 7:1"):
        GroupMark("#5A5A5A", "circle")
    Group()
    Group(NAMES)
    for names, lacks in (({"en": "x"}, "ar"), ({"ar": "x"}, "en"), ({}, "ar and en")):
        with pytest.raises(ValueError, match=f"a text lacks {lacks}$"):
            require_both(names)
        with pytest.raises(ValueError, match="a text lacks"):
            Group(names)
        with pytest.raises(ValueError, match="a text lacks"):
            DeskEntry("A", names)


def test_an_entry_of_the_feed_is_known_by_a_code_of_forty_letters_at_most() -> None:
    bad: list[dict[str, Any]] = [{"code": "c" * 40, "names": 5}, {"code": "d" * 41}, {"code": "e\n"}, {"names": NAMES}]
    assert list(load_catalogue(bad).disabled) == ["c" * 40, "feed entry 2", "feed entry 3", "feed entry 4"]
