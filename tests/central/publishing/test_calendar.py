"""A calendar is published by centre and year, from JSON or a table, and every wrong day is named."""

import io
import re
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook

from central.base import clock
from central.feed import Audience
from central.publishing import calendar, publication
from central.publishing.spreadsheet import MAX_ROWS, SpreadsheetRefused
from common.protocol.feed_message import Calendar, CalendarDay
from tests.central.conftest import Stage
from tests.kit.sender import Sender

NAMES = {"ar": "عيد الميلاد", "en": "Christmas"}
FEAST = {"date": "2026-12-25", "closed": True, "names": NAMES}
SHORT = {"date": "2027-02-10", "opens": "10:00", "closes": "13:00", "names": {"ar": "رمضان", "en": "Ramadan"}}


async def heard(stage: Stage, sender: Sender) -> list[Calendar]:
    page = await stage.feed(sender)
    return [msgspec.json.decode(one.body, type=Calendar) for one in page.messages if one.kind == "calendar"]


async def test_a_calendar_reaches_the_kiosks_it_is_for_a_year_at_a_time(stage: Stage) -> None:
    here, there, hub = await stage.enrolled(), await stage.enrolled("homs-new"), await stage.enrolled_hub()
    await stage.publish("calendar", {"centre": None, "days": [FEAST, SHORT]})
    await stage.publish("calendar", {"centre": "homs-new", "days": [FEAST | {"date": "2026-12-26"}]})
    assert [(one.centre, one.year) for one in await heard(stage, here)] == [(None, 2026), (None, 2027)]
    assert [(one.centre, one.year) for one in await heard(stage, there)] == [
        (None, 2026), (None, 2027), ("homs-new", 2026),
    ]  # fmt: skip
    assert [(one.centre, one.year) for one in await heard(stage, hub)] == [(None, 2026), (None, 2027)]
    await stage.publish("calendar", {"days": [], "year": 2026})
    assert [(one.year, len(one.days)) for one in await heard(stage, here)] == [(2027, 1), (2026, 0)]


async def test_for_one_centre_by_the_option_as_well(stage: Stage) -> None:
    there = await stage.enrolled("homs-new")
    async with stage.engine.begin() as connection:
        content = msgspec.json.encode({"days": [FEAST]})
        await publication.publish(connection, "calendar", content, stage.ring, Audience(centre="homs-new"))
    assert [one.centre for one in await heard(stage, there)] == ["homs-new"]


async def test_a_calendar_goes_to_nobody_else_than_was_said(stage: Stage) -> None:
    kiosk = Audience(kiosk=(await stage.enrolled()).kiosk)
    content = msgspec.json.encode({"centre": "homs-main", "days": [FEAST]})
    async with stage.engine.begin() as connection:
        with pytest.raises(ValueError, match="--kiosk doesn't go with it"):
            await publication.publish(connection, "calendar", content, stage.ring, kiosk)
        with pytest.raises(ValueError, match='of centre "homs-main", and --centre says "homs-new"'):
            await publication.publish(connection, "calendar", content, stage.ring, Audience(centre="homs-new"))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"days": [FEAST | {"date": "2026-02-30"}]}, r"days\[0\].date: expected"),
        ({"days": [FEAST | {"date": "2062-12-25"}]}, "expected a day up to 20"),
        ({"days": [FEAST | {"opens": "08:00"}]}, 'expected either "closed": true, or both'),
        ({"days": [{"date": "2026-12-25", "names": NAMES}]}, 'expected either "closed": true, or both'),
        ({"days": [SHORT | {"closes": "09:00"}]}, "opens 10:00 is not before closes 09:00"),
        ({"days": [SHORT | {"opens": "8"}]}, "opens: expected a time of day such as 08:00"),
        ({"days": [FEAST | {"names": {"ar": "عيد"}}]}, "expected a name in en too"),
        ({"days": [FEAST | {"names": {"ar": "عيد", "en": "x" * 41}}]}, "expected at most 40 letters"),
        ({"days": [FEAST, FEAST]}, "2026-12-25 stands twice"),
        ({"days": []}, "days: found none"),
        ({"days": [FEAST], "year": 2027}, "year: found 2027, and days of"),
        ({"days": [FEAST], "centre": "homs-mian"}, "there is no centre"),
        ({"days": [FEAST], "center": "homs-main"}, "there is no field center"),
    ],
)
async def test_a_wrong_day_is_named(stage: Stage, content: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        await stage.publish("calendar", content)


async def test_days_at_the_edges_of_what_is_taken(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 9, tzinfo=UTC))
    long = {"names": {"ar": "ي" * 40, "en": "x" * 40}}
    days: list[dict[str, Any]] = [FEAST | {"date": "2028-12-31"}, SHORT | long | {"opens": "12:59"}]
    await stage.publish("calendar", {"centre": "homs-new", "days": days})
    assert await heard(stage, await stage.enrolled("homs-new")) == [
        Calendar("homs-new", 2027, [CalendarDay(**days[1])]), Calendar("homs-new", 2028, [CalendarDay(**days[0])]),
    ]  # fmt: skip
    for day, why in (
        (FEAST | {"date": "2029-01-01"}, "expected a day up to 2028"),
        (SHORT | {"closes": "10:00"}, "opens 10:00 is not before closes 10:00"),
        ({"date": "2026-12-25", "opens": "08:00", "names": NAMES}, 'either "closed": true, or both opens and closes'),
        ({"date": "2026-12-25", "closes": "08:00", "names": NAMES}, 'either "closed": true, or both opens and closes'),
        (SHORT | {"closed": True}, 'expected either "closed": true, or both opens and closes'),
        (FEAST | {"names": {"en": "Feast", "ar": " "}}, "expected a name in ar too"),
        (FEAST | {"names": {}}, "expected a name in ar and en too"),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(f'days[1] ({day["date"]}): ')}.*{why}"):
            await stage.publish("calendar", {"days": [FEAST | {"date": "2026-01-01"}, day]})
    with pytest.raises(ValueError, match=r"days\[0\]") as refused:
        await stage.publish("calendar", {"days": [FEAST | {"names": {}}] * 30})
    assert len(str(refused.value).splitlines()) == 20
    with pytest.raises(ValueError, match=r"^year: found 2026, and days of 2028 too$"):
        await stage.publish("calendar", {"days": days, "year": 2026})


def test_times_and_dates_of_a_spreadsheet_are_read_without_seconds_and_midnight() -> None:
    book, kept = Workbook(), io.BytesIO()
    lines = [TABLE[0], [date(2026, 12, 25), time(8), None, "عيد", "Feast"], [None] * 5,
             [datetime(2026, 12, 26), None, time(14, 30), "عيد", "Feast"]]  # noqa: DTZ001 - a cell has no zone  # fmt: skip
    for line in lines:
        book.active.append(line)
    book.save(kept)
    names = {"ar": "عيد", "en": "Feast"}
    assert msgspec.json.decode(calendar.read_table("a.xlsx", kept.getvalue())) == {"days": [
        {"date": "2026-12-25", "opens": "08:00", "closes": None, "names": names},
        {"date": "2026-12-26", "opens": None, "closes": "14:30", "names": names},
    ]}  # fmt: skip
    saved = f"{','.join(TABLE[0])}\n2026-12-25 00:00:00,08:00:00,13:30:00,عيد,Feast\n".encode()
    assert msgspec.json.decode(calendar.read_table("a.csv", saved)) == {
        "days": [{"date": "2026-12-25", "opens": "08:00", "closes": "13:30", "names": names}]
    }
    with pytest.raises(SpreadsheetRefused, match=r"^line 1: found .., expected the heading date,opens,closes,name_ar"):
        calendar.read_table("a.csv", b"")


TABLE = [["date", "opens", "closes", "name_ar", "name_en"], ["2026-12-25", "", "", "عيد الميلاد", "Christmas"]]


def test_a_table_says_the_same_a_day_without_times_is_closed() -> None:
    text = "\n".join(",".join(line) for line in [*TABLE, ["2027-02-10", "10:00", "13:00", "رمضان", "Ramadan"]])
    expected = {"days": [FEAST, SHORT]}
    assert msgspec.json.decode(calendar.read_table("a.csv", text.encode())) == expected
    book, kept = Workbook(), io.BytesIO()
    for line in TABLE:
        book.active.append(line)
    book.save(kept)
    assert msgspec.json.decode(calendar.read_table("a.xlsx", kept.getvalue())) == {"days": [FEAST]}
    with pytest.raises(SpreadsheetRefused, match="expected the heading date,opens"):
        calendar.read_table("a.csv", b"day,closed\n2026-12-25,yes\n")


def test_a_table_loses_no_day_to_an_open_quote_and_no_part_of_a_name() -> None:
    head = ",".join(TABLE[0])
    with pytest.raises(SpreadsheetRefused, match="quote"):
        calendar.read_table("a.csv", f'{head}\n2026-12-25,,,عيد,"Feast\n2026-12-26,,,عيد,Feast\n'.encode())
    with pytest.raises(SpreadsheetRefused, match="F2: found 'second day'"):
        calendar.read_table("a.csv", f"{head}\n2026-12-25,,,عيد,Feast, second day\n".encode())


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_with_more_days_than_are_read_is_refused_whole(name: str) -> None:
    days = [[f"{2026 + number // 360}-{number % 360 // 30 + 1:02}-{number % 30 + 1:02}", "", "", "عطلة", "Off"]
            for number in range(MAX_ROWS + 1)]  # fmt: skip

    def table(lines: list[list[str]]) -> bytes:
        if name.endswith(".csv"):
            return "\n".join(",".join(line) for line in lines).encode()
        book, kept = Workbook(), io.BytesIO()
        for line in lines:
            book.active.append(line)
        book.save(kept)
        return kept.getvalue()

    told = msgspec.json.decode(calendar.read_table(name, table([TABLE[0], *days[:-1]])))["days"]
    assert [one["date"] for one in told] == [day[0] for day in days[:-1]]
    with pytest.raises(SpreadsheetRefused, match=f"line {MAX_ROWS + 2}: expected at most {MAX_ROWS} lines"):
        calendar.read_table(name, table([TABLE[0], *days]))
    with pytest.raises(SpreadsheetRefused, match="expected at most"):  # below an empty line too
        calendar.read_table(name, table([TABLE[0], *days[:-1], ["", "", "", "", ""], *days[-1:]]))
