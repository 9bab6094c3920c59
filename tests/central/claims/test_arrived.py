"""Who came without a code that a kiosk could read: digits that were typed where no hub was asked."""

from common.protocol.envelope import AuditBody, TicketBody
from common.protocol.queue.claim import TicketClaim
from tests.central.claims.conftest import CENTRE, SERVICE, Office
from tests.central.claims.test_keeping import keep


async def test_who_typed_his_digits_where_no_hub_was_asked_has_arrived(office: Office) -> None:
    await office.publish()
    here, far = await office.stage.enrolled(CENTRE), await office.stage.enrolled("homs-new")
    came, elsewhere, for_another, never = [
        await office.book(f"2026-12-01T{at}", who=at) for at in ("10:30", "10:45", "11:00", "11:15")
    ]
    for sender, claim, service in (
        (here, came, SERVICE),
        (far, elsewhere, SERVICE),
        (here, for_another, "judicial-record"),
    ):
        shown = TicketClaim("carried", digits=claim.digits)  # by its form alone an earlier paper's
        body = TicketBody("A1001", service, "2026-12-01", claim=shown)
        await office.stage.deliver(sender, sender.item(body, "ticket"))
    office.pass_time(days=2)
    await keep(office)
    found = [await office.state(one.claim) for one in (came, elsewhere, for_another, never)]
    assert found == ["arrived", "missed", "missed", "missed"]


async def test_who_came_has_arrived_also_once_the_kiosk_stands_elsewhere(office: Office) -> None:
    await office.publish()
    kiosk = await office.stage.enrolled(CENTRE)
    came = await office.book("2026-11-30T10:30", who="a")
    body = TicketBody("A1001", SERVICE, "2026-11-30", claim=TicketClaim("carried", digits=came.digits))
    await office.stage.deliver(kiosk, kiosk.item(body, "ticket"))
    await keep(office)
    assert await office.state(came.claim) == "arrived"
    office.pass_time(days=1)
    await office.stage.try_enrol(kiosk, await office.stage.code("homs-new"))
    await keep(office)
    assert await office.state(came.claim) == "arrived"


async def test_who_took_his_number_back_at_the_kiosk_has_not_arrived_until_he_takes_another(office: Office) -> None:
    await office.publish()
    kiosk = await office.stage.enrolled(CENTRE)
    made = await office.book("2026-11-30T10:30", who="a")
    body = TicketBody("A1001", SERVICE, "2026-11-30", claim=TicketClaim("booked", id=made.claim))
    first = kiosk.item(body, "ticket")
    await office.stage.deliver(kiosk, first)
    await keep(office)
    assert await office.state(made.claim) == "arrived"
    back = AuditBody("ticket-voided", {"ticket": first.id, "number": "A1001", "reason": "undone"})
    await office.stage.deliver(kiosk, kiosk.item(back, "audit"))
    await keep(office)
    assert await office.state(made.claim) == "booked"
    await office.stage.deliver(kiosk, kiosk.item(body, "ticket"))
    await keep(office)
    assert await office.state(made.claim) == "arrived"
