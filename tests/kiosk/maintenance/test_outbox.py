"""Delivery as a technician sees and helps it."""

from msgspec.structs import replace

from kiosk.health import Outbox
from kiosk.prompts import Back
from offline_store import tables
from tests.kiosk.maintenance.given import OVER, give
from tests.kiosk.maintenance.scripted import Workshop


async def test_delivery_is_asked_for_and_a_refused_item_goes_out_again(workshop: Workshop) -> None:
    ticket, _ = give(workshop, "A")
    with workshop.store.write() as connection:
        connection.execute(
            tables.items.update().where(tables.items.c.id == ticket).values(state="dead", reason="bad-hash")
        )
    workshop.health = replace(workshop.health, outbox=Outbox(waiting=2, dead=1))
    await workshop.play(
        ("overview", "outbox"),
        ("outbox", "try_now"),
        ("outbox_asked", Back()),
        ("outbox", "dead"),
        ("dead", ticket),
        ("outbox", Back()),
        OVER,
    )
    with workshop.store.read() as connection:
        assert connection.execute(tables.items.select().where(tables.items.c.id == ticket)).one().state == "waiting"
        assert connection.execute(tables.delivery.select()).one().try_now == 1
