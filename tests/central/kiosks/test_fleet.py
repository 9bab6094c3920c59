from central.kiosks import fleet
from tests.central.conftest import Stage


async def test_an_operator_sees_what_each_kiosk_last_said_of_itself(stage: Stage) -> None:
    first, second = await stage.enrolled(), await stage.enrolled()
    await stage.deliver(second, health={"paper": "Out", "version": "0.1.0"})
    said = [fleet.described(row._mapping) for row in await stage.all(fleet.listing)]
    assert [(one["kiosk"], one["digit"]) for one in said] == [(first.kiosk, 1), (second.kiosk, 2)]
    assert [one["health"] for one in said] == [None, {"paper": "Out", "version": "0.1.0"}]
    assert [one["reported_at"] is None for one in said] == [True, False]
