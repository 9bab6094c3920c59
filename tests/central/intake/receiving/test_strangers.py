"""A kiosk that was enrolled after the copy of a restored central is named once; nobody can fill the findings."""

from sqlalchemy import delete, select

from central.base.tables import digits, findings, kiosks
from central.intake.receiving.strangers import MOST_NAMED, Strangers
from tests.central.conftest import Stage


async def named(stage: Stage) -> list[tuple[str, str]]:
    return [(row.kiosk, row.code) for row in await stage.all(select(findings))]


async def test_a_kiosk_that_the_copy_lacks_is_named_once_for_all_processes(stage: Stage) -> None:
    lost = await stage.enrolled()
    async with stage.engine.begin() as connection:
        await connection.execute(delete(digits).where(digits.c.kiosk == lost.kiosk))
        await connection.execute(delete(kiosks).where(kiosks.c.id == lost.kiosk))
    for _ in range(2):
        assert (await stage.get_feed(lost)).status_code == 401
    await Strangers().note(stage.engine, lost.kiosk)
    assert await named(stage) == [(lost.kiosk, "kiosk-unknown")]


async def test_a_name_that_central_never_gave_is_not_named(stage: Stage) -> None:
    strangers = Strangers()
    for name in ("kiosk-1", "kiosk-0000000g", "kiosk-00000000\n", "x" * 5000, "kiosk-00000000'"):
        await strangers.note(stage.engine, name)
    assert await named(stage) == []


async def test_whoever_invents_names_fills_nothing(stage: Stage) -> None:
    for process in range(2):
        strangers = Strangers()
        for number in range(MOST_NAMED + 5):
            await strangers.note(stage.engine, f"kiosk-{process}{number:07x}")
    assert len(await named(stage)) == MOST_NAMED
