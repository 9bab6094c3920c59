"""A kiosk that a restored central lacks comes back to the place it had: its numbers are nobody else's."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from central.base import clock
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.received import findings
from central.feed import epoch as feed_epoch
from common.protocol.envelope import TicketBody
from tests.central.conftest import URL, Stage
from tests.kit.sender import Sender


async def forgotten(stage: Stage, *senders: Sender) -> None:
    """Set central back to a copy that lacks these kiosks."""
    ids = [sender.kiosk for sender in senders]
    async with stage.engine.begin() as connection:
        await connection.execute(delete(digits).where(digits.c.kiosk.in_(ids)))
        await connection.execute(delete(kiosks).where(kiosks.c.id.in_(ids)))
        await feed_epoch.begin(connection, feed_epoch.BY_COMMAND)


async def back(stage: Stage, sender: Sender, digit: int) -> dict[str, Any]:
    response = await stage.try_enrol(sender, await stage.code(), former={"kiosk": sender.kiosk, "digit": digit})
    assert response.status_code == 200, response.text
    said: dict[str, Any] = response.json()
    return said


async def test_kiosks_that_come_back_in_any_order_have_the_ids_and_digits_they_had(stage: Stage) -> None:
    senders = [await stage.enrolled() for _ in range(3)]
    await forgotten(stage, *senders)
    for digit in (3, 1, 2):
        said = await back(stage, senders[digit - 1], digit)
        assert (said["kiosk"], said["digit"]) == (senders[digit - 1].kiosk, digit)


async def test_what_a_kiosk_says_under_its_former_id_is_taken_and_it_is_no_longer_missed(stage: Stage) -> None:
    lost = await stage.enrolled()
    await forgotten(stage, lost)
    assert (await stage.get_feed(lost)).status_code == 401
    assert [row.code for row in await stage.all(select(findings))] == ["kiosk-unknown"]
    await back(stage, lost, 1)
    assert await stage.results(lost, lost.ticket()) == [("applied", None)]
    assert [(row.settled_at is not None, row.settled_by) for row in await stage.all(select(findings))] == [
        (True, lost.kiosk)
    ]


async def test_a_digit_that_went_to_another_meanwhile_is_not_given_twice(stage: Stage) -> None:
    lost = await stage.enrolled()
    await forgotten(stage, lost)
    newcomer = await stage.enrolled()
    said = await back(stage, lost, 1)
    assert (said["kiosk"], said["digit"]) == (lost.kiosk, 2)
    assert newcomer.kiosk != lost.kiosk


async def test_a_digit_that_another_kiosks_numbers_of_today_bear_is_given_to_nobody(stage: Stage) -> None:
    lost, other = await stage.enrolled(), await stage.enrolled()
    today = clock.business_date(clock.now()).isoformat()
    body = TicketBody(number="A1007", service="civil-affairs", business_day=today)
    assert await stage.results(other, other.item(body, "ticket")) == [("applied", None)]
    await stage.all_read()
    await forgotten(stage, lost)
    assert (await back(stage, lost, 1))["digit"] == 3


@pytest.mark.parametrize("role", ["kiosk", "hub"])
async def test_an_id_that_another_key_has_is_not_given_for_the_asking(stage: Stage, role: str) -> None:
    owner = await stage.enrolled() if role == "kiosk" else await stage.enrolled_hub()
    stranger = Sender("", URL)
    former = {"kiosk": owner.kiosk, "digit": 1}
    said = (await stage.try_enrol(stranger, await stage.code(), former=former)).json()
    assert said["kiosk"] != owner.kiosk


async def test_a_hub_comes_back_as_the_hub_it_was(stage: Stage) -> None:
    hub = await stage.enrolled_hub()
    async with stage.engine.begin() as connection:
        await connection.execute(delete(kiosks).where(kiosks.c.id == hub.kiosk))
    place = {"role": "hub", "address": "https://10.0.0.5:8090", "former": {"kiosk": hub.kiosk, "digit": 0}}
    said = (await stage.try_enrol(hub, await stage.code(role="hub"), **place)).json()
    assert (said["kiosk"], said["digit"]) == (hub.kiosk, 0)


async def test_a_former_place_of_another_form_is_refused(stage: Stage) -> None:
    former = {"kiosk": "../kiosk", "digit": 1}
    assert (await stage.try_enrol(Sender("", URL), await stage.code(), former=former)).status_code == 400
