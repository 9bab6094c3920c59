"""Centres by a table: written all or none, every fault named by its line, codes only for kiosks that are lacking."""

import re
from importlib import import_module

import msgspec
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlalchemy import select

from central.base.tables.enrolled import centres as table
from central.kiosks import centres, sheet
from central.kiosks.centres import TableRefused, read_table
from central.publishing import publication
from common.protocol.codes import invitation
from common.protocol.feed_message import CentreNames
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender

HEAD = "code,name_ar,name_en,kiosks\n"


async def test_a_centre_that_central_does_not_know_gets_no_code(stage: Stage) -> None:
    with pytest.raises(ValueError, match="there is no centre 'homs-mian'"):
        await stage.code("homs-mian")


async def test_a_table_brings_centres_names_and_codes_for_the_kiosks_that_lack(stage: Stage) -> None:
    await stage.enrolled("homs-main")
    rows = read_table("\ufeff" + HEAD + "homs-main,المركز الرئيسي,Main,3\n\nrastan, الرستن ,Rastan,1\n")
    async with stage.engine.begin() as connection:
        main, rastan = await centres.add(connection, rows)
    assert (len(main.codes), len(rastan.codes)) == (2, 1)
    assert rastan.names == {"ar": "الرستن", "en": "Rastan"}
    names = {row.code: row.name_en for row in await stage.all(select(table))}
    assert (names["homs-main"], names["rastan"], "homs-new" in names) == ("Main", "Rastan", True)
    page = sheet.sheets([main, rastan], "https://central.example")
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    codes = [*main.codes, *rastan.codes]
    assert [invitation.read(_scanned(picture)) for picture in pictures] == [
        ("https://central.example", code) for code in codes
    ]
    assert re.findall(r"<p class=code>(.*?)</p>", page) == ["-".join(re.findall("....", code)) for code in codes]
    heads = re.findall(r"<section><h1>(.*?)</h1><h2 dir=ltr>(.*?)</h2>", page)
    assert heads == [("المركز الرئيسي", "Main · 1"), ("المركز الرئيسي", "Main · 2"), ("الرستن", "Rastan · 1")]
    assert _scanned(re.findall(r"<svg.*?</svg>", sheet.sheets([rastan], None), re.DOTALL)[0]) == rastan.codes[0]
    with pytest.raises(ValueError, match="make no invitation"):
        sheet.sheets([main], "central.example")
    async with stage.engine.begin() as connection:
        assert [len(one.codes) for one in await centres.add(connection, read_table(HEAD + "homs-main,م,M,1\n"))] == [0]


async def test_a_table_tells_the_kiosks_of_each_centre_its_settings(stage: Stage) -> None:
    here, there = await stage.enrolled("homs-main"), await stage.enrolled("homs-new")
    table_ = (
        HEAD.strip() + ",kiosk.opens,speech.volume,kiosk.languages,kiosk.paperless\n"
        "homs-main,م,M,1,08:00,70,ar;en,false\nhoms-new,ج,N,1,,,,\n"
    )
    async with stage.engine.begin() as connection:
        await centres.add(connection, read_table(table_))
    told = [one.body for one in (await stage.feed(here)).messages if one.kind == "settings"]
    assert [msgspec.json.decode(body) for body in told] == [
        {"kiosk.opens": "08:00", "speech.volume": 70, "kiosk.languages": ["ar", "en"], "kiosk.paperless": False}
    ]
    assert [one for one in (await stage.feed(there)).messages if one.kind == "settings"] == []


async def test_hours_of_a_table_are_judged_beside_those_that_hold(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        await publication.publish(connection, "settings", b'{"kiosk.closes":"14:00"}', stage.ring)
    with pytest.raises(TableRefused, match=r"^homs-main: kiosk\.opens is '15:00', not before"):
        async with stage.engine.begin() as connection:
            await centres.add(connection, read_table(HEAD.strip() + ",kiosk.opens\nhoms-main,م,M,1,15:00\n"))


async def test_kiosks_hear_what_centres_are_called_but_not_what_they_brought_themselves(stage: Stage) -> None:
    kiosk = await stage.enrolled("homs-main")
    for table_ in ("rastan,الرستن,Rastan,1\n", "homs-new,حمص الجديدة,New Homs,1\nrastan,الرستن,Al-Rastan,1\n"):
        async with stage.engine.begin() as connection:
            await centres.add(connection, read_table(HEAD + table_))
    (message,) = [one for one in (await stage.feed(kiosk)).messages if one.kind == "centre-names"]  # the newest alone
    assert msgspec.json.decode(message.body, type=CentreNames).centres == {
        "homs-new": {"ar": "حمص الجديدة", "en": "New Homs"},
        "rastan": {"ar": "الرستن", "en": "Al-Rastan"},
    }


def test_the_names_that_centrals_first_table_came_with_are_those_of_its_migration() -> None:
    shipped = import_module("central.base.migrations.versions.0001_first").SHIPPED
    assert {code: {"ar": ar, "en": en} for code, ar, en in shipped} == centres.BROUGHT


def _scanned(svg: str) -> str:
    """Read a QR that was written as rectangles of a path."""
    picture = Image.new("L", (1200, 1200), 255)
    draw = ImageDraw.Draw(picture)
    squares = re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H", svg)
    for square in squares:
        left, top, right, bottom = (float(number) * 12 + 40 for number in square)
        draw.rectangle((left, top, right - 1, bottom - 1), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "line 1"),
        ("code;name_ar;name_en;kiosks\n", "line 1"),
        (HEAD + "Homs Main,م,M,1\n", "line 2: code"),
        (HEAD + "rastan,,M,1\n", "line 2: name_ar"),
        (HEAD + f"rastan,م,{'M' * 81},1\n", "line 2: name_en"),
        (HEAD + "rastan,م,M,10\n", "line 2: kiosks"),
        (HEAD + "rastan,م,M,-1\n", "line 2: kiosks"),
        (HEAD + "rastan,م,M\n", "line 2: found 3 cells"),
        (HEAD.strip() + ",kiosk.opens\nrastan,م,M,1\n", "line 2: found 4 cells, expected 5"),
        (HEAD.strip() + ",kiosk.data_dir\nrastan,م,M,1,x\n", "line 1: found 'kiosk.data_dir'"),
        (HEAD.strip() + ",kiosk.opens,kiosk.opens\nrastan,م,M,1,x,y\n", "line 1: found 'kiosk.opens'"),
        (HEAD.strip() + f",kiosk.opens\nrastan,م,M,1,{'x' * 201}\n", "line 2: kiosk.opens"),
        (HEAD + "rastan,م,M,1\nrastan,م,M,1\n", "line 3: code rastan stands twice"),
        (HEAD + "a b,م,M,1\nrastan,م,M,x\n", "line 3: kiosks"),
    ],
)
def test_every_fault_of_a_table_is_named_by_its_line(text: str, named: str) -> None:
    with pytest.raises(TableRefused, match=named):
        read_table(text)


@pytest.mark.parametrize(
    ("cell", "named"),
    [("8", "line 2: kiosk.opens: found '8', expected a time of day"), ("24:00", "line 2: kiosk.opens: found '24:00'")],
)
def test_a_setting_that_kiosks_would_leave_out_is_refused_by_its_line(cell: str, named: str) -> None:
    with pytest.raises(TableRefused, match=named):
        read_table(f"code,name_ar,name_en,kiosks,kiosk.opens\nhoms-main,a,b,1,{cell}\n")


async def test_the_same_table_again_makes_no_second_codes_while_sheets_are_under_way(stage: Stage) -> None:
    table = read_table(HEAD + "homs-main,م,M,2\n")
    async with stage.engine.begin() as connection:
        (first,) = await centres.add(connection, table)
        (again,) = await centres.add(connection, table)
        (more,) = await centres.add(connection, read_table(HEAD + "homs-main,م,M,3\n"))
    assert (len(first.codes), first.open_codes) == (2, 0)
    assert (len(again.codes), again.open_codes) == (0, 2)
    assert (len(more.codes), more.open_codes) == (1, 2)
    assert (await stage.try_enrol(Sender("", URL), first.codes[0])).status_code == 200
