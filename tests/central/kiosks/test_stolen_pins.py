"""A revoked kiosk's disk holds hashes of its centre's PINs: who has an old one is named until there is a new one."""

from central.kiosks.stolen_pins import StolenPins, find_stolen_pins
from central.publishing import clerk, technician
from tests.central.conftest import Stage


async def asked_for(stage: Stage) -> list[StolenPins]:
    async with stage.engine.begin() as connection:
        return await find_stolen_pins(connection)


async def appoint(stage: Stage, name: str, centre: str = "homs-main") -> None:
    async with stage.engine.begin() as connection:
        await technician.appoint(connection, name, [centre], "technician")


async def test_new_pins_are_asked_for_until_everybody_of_that_centre_has_one(stage: Stage) -> None:
    kiosk = await stage.enrolled()
    for name in ("Rana", "Samer", "Gone"):
        await appoint(stage, name)
    async with stage.engine.begin() as connection:
        await technician.withdraw(connection, "Gone", ["homs-main"])
    await appoint(stage, "Huda", "homs-new")
    assert await asked_for(stage) == []
    await stage.revoke(kiosk)
    assert await asked_for(stage) == [StolenPins("homs-main", kiosk.kiosk, ("Rana", "Samer"))]
    await appoint(stage, "Rana")
    assert [one.names for one in await asked_for(stage)] == [("Samer",)]
    async with stage.engine.begin() as connection:
        await technician.withdraw(connection, "Samer", [])
    await appoint(stage, "Newcomer")
    assert await asked_for(stage) == []


async def test_a_revoked_hub_asks_for_new_pins_of_clerks_alone(stage: Stage) -> None:
    hub, other = await stage.enrolled_hub(), await stage.enrolled_hub("homs-new")

    async def give(name: str, centre: str = "homs-main") -> None:
        async with stage.engine.begin() as connection:
            await clerk.appoint(connection, name, centre, "clerk")

    for name in ("Huda", "Nabil"):
        await give(name)
    await give("Elsewhere", "homs-new")
    await appoint(stage, "Rana")
    await stage.revoke(hub)
    assert await asked_for(stage) == [StolenPins("homs-main", hub.kiosk, ("Huda", "Nabil"), "clerk")]
    await give("Huda")
    assert [one.names for one in await asked_for(stage)] == [("Nabil",)]
    async with stage.engine.begin() as connection:
        await clerk.withdraw(connection, "Nabil", "homs-main")
    assert await asked_for(stage) == []
    await stage.revoke(other)
    assert [one.centre for one in await asked_for(stage)] == ["homs-new"]
