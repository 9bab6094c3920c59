"""Every kiosk and hub as central knows it: where it stands, whether it was turned away, when it was heard last."""

from typing import Any

import msgspec
from sqlalchemy import RowMapping, select

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import contacts, health
from central.kiosks.contacts import heard_at
from central.kiosks.machine import leads
from central.kiosks.named import led_at, number

listing = (
    select(
        kiosks.c.id.label("kiosk"),
        kiosks.c.centre,
        kiosks.c.digit,
        kiosks.c.revoked_at,
        health.c.at.label("reported_at"),
        health.c.report.label("health"),
        heard_at,
    )
    .join_from(kiosks, health, kiosks.c.id == health.c.kiosk, isouter=True)
    .join(contacts, contacts.c.kiosk == kiosks.c.id, isouter=True)
    .where(kiosks.c.role == "kiosk")
    .order_by(kiosks.c.centre, kiosks.c.digit, kiosks.c.enrolled_at)
)
# With its id, which is what `central revoke` takes.
hubs = (
    select(kiosks.c.id.label("hub"), kiosks.c.centre, number, led_at, kiosks.c.address, kiosks.c.revoked_at, heard_at)
    .join_from(kiosks, health, kiosks.c.id == health.c.kiosk, isouter=True)
    .join(contacts, contacts.c.kiosk == kiosks.c.id, isouter=True)
    .where(kiosks.c.role == "hub")
    .order_by(kiosks.c.centre, kiosks.c.enrolled_at)
)


def described_hub(row: RowMapping) -> dict[str, Any]:
    """Return a row of the hubs with whether it leads: None where the one that led last is silent since."""
    return {("leads" if key == "led_at" else key): value for key, value in row.items()} | {
        "leads": leads(row["led_at"], clock.now())
    }


def described(row: RowMapping) -> dict[str, Any]:
    """Return a row of the listing with its report opened; None where the kiosk has not reported yet."""
    report = None if row["health"] is None else msgspec.json.decode(row["health"])
    return {**row, "health": report}
