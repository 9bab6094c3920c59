"""Centres by a table: written all or none, every fault named by its line, codes only for kiosks that are lacking."""

import pytest
from sqlalchemy import select

from central.kiosks import centres
from central.kiosks.centres import TableRefused, read_table
from central.tables import centres as table
from tests.central.conftest import Stage

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
    sheet = centres.sheet([main, rastan])
    assert sheet.count("<svg") == 3
    assert all(code in sheet for code in (*main.codes, *rastan.codes))
    async with stage.engine.begin() as connection:
        assert [len(one.codes) for one in await centres.add(connection, read_table(HEAD + "homs-main,م,M,1\n"))] == [0]


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
        (HEAD + "rastan,م,M,1\nrastan,م,M,1\n", "line 3: code rastan stands twice"),
        (HEAD + "a b,م,M,1\nrastan,م,M,x\n", "line 3: kiosks"),
    ],
)
def test_every_fault_of_a_table_is_named_by_its_line(text: str, named: str) -> None:
    with pytest.raises(TableRefused, match=named):
        read_table(text)
