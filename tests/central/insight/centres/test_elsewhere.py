"""Where a service works that stands still here: told to its own kiosks when it changes, and before it grows old."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from central.base import clock
from central.insight.centres.elsewhere import Keeper, is_due
from common.protocol.queue.service_now import CentreElsewhere, Elsewhere, ServiceElsewhere
from tests.central.conftest import Stage
from tests.central.insight.centres.conftest import Time
from tests.central.insight.centres.test_centres import two_hubs, word
from tests.kit.sender import Sender

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def says(minute: float, **places: list[str]) -> Elsewhere:
    at = clock.as_text(NOON + timedelta(minutes=minute))
    centres = {code: [CentreElsewhere(one, {}, at) for one in named] for code, named in places.items()}
    return Elsewhere(at, [ServiceElsewhere(code, also_at) for code, also_at in centres.items()])


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (None, says(0), False),
        (None, says(0, water=["b"]), True),
        (says(0, water=["b"]), says(1.9, water=["c"]), False),
        (says(0, water=["b"]), says(2, water=["c"]), True),
        (says(0, water=["b"]), says(2, water=["b"], tax=["b"]), True),
        (says(0, water=["b", "c"]), says(3.9, water=["c", "b"]), False),
        (says(0, water=["b"]), says(4, water=["b"]), True),
        (says(0, water=["b"]), says(2), True),
        (says(0), says(60), False),
    ],
)
def test_a_word_is_due_when_it_says_something_else_or_grows_old(
    before: Elsewhere | None, now: Elsewhere, due: bool
) -> None:
    assert is_due(None if before is None else (before, NOON), now) == due


async def heard(stage: Stage, sender: Sender) -> list[Elsewhere]:
    messages = (await stage.feed(sender)).messages
    return [msgspec.json.decode(one.body, type=Elsewhere) for one in messages if one.kind == "centre-now"]


async def test_a_centre_in_which_a_service_stands_still_hears_where_it_works(stage: Stage, time: Time) -> None:
    here, there = await two_hubs(stage)
    kiosk, other = await stage.enrolled(), await stage.enrolled("homs-new")
    for one in (kiosk, other):
        await stage.deliver(one, health={"version": "1.1.0"})
    keeper = Keeper(stage.engine)

    async def minutes_later(minutes: float, *stopped: str) -> None:
        time.now += timedelta(minutes=minutes)
        await stage.deliver(here, waiting=word(time, *stopped))
        await stage.deliver(there, waiting=word(time))
        await keeper.act()

    await minutes_later(0)
    assert await heard(stage, kiosk) == [], "everything works"
    await minutes_later(1, "civil-affairs")
    at = clock.as_text(time.now)
    names = {"ar": "مركز حمص الجديدة", "en": "New Homs centre"}
    (told,) = await heard(stage, kiosk)
    (service,) = told.services
    assert (told.as_of, service.service) == (at, "civil-affairs")
    assert [(one.centre, one.as_of, one.names["ar"]) for one in service.also_at] == [("homs-new", at, names["ar"])]
    await minutes_later(1, "civil-affairs")
    assert await heard(stage, kiosk) == [told], "nothing has changed, and it is young"
    await minutes_later(4, "civil-affairs")
    (again,) = await heard(stage, kiosk)
    assert again.services[0].also_at[0].as_of == clock.as_text(time.now)
    await minutes_later(2)
    assert (await heard(stage, kiosk))[0].services == [], "it works again"
    assert await heard(stage, other) == [], "nothing stands still there"
    assert await heard(stage, here) == [], "it is for kiosks"


async def test_a_place_whose_hub_is_silent_is_named_to_nobody(stage: Stage, time: Time) -> None:
    here, there = await two_hubs(stage)
    kiosk = await stage.enrolled()
    await stage.deliver(kiosk, health={"version": "1.1.0"})
    await stage.deliver(there, waiting=word(time))
    time.now += timedelta(seconds=41)
    await stage.deliver(here, waiting=word(time, "civil-affairs"))
    await Keeper(stage.engine).act()
    assert await heard(stage, kiosk) == []
