"""`central publish`: a message into the feed, checked as a kiosk would check it."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from central.claims.planned import publication as seat_plans
from central.commands.publishing import in_force
from central.commands.running import Call, run_act, shared
from central.keys.keys import KeyRing
from central.publishing import publication
from central.publishing.in_force import whole_table

Kind = Literal[
    "catalogue",
    "app-key",
    "app-key-revoked",
    "order-state",
    "business-day",
    "settings",
    "central-keys",
    "counters",
    "calendar",
    "reasons",
    "notices",
    "seats",
    "messages",
]


@shared
def publish(
    call: Call,
    kind: Kind,
    file: Annotated[str, typer.Argument(help="A JSON file, or - for stdin; catalogue, calendar also as .csv, .xlsx.")],
    centre: Annotated[
        str | None, typer.Option(help="Only for this centre: calendar, catalogue, notices, settings.")
    ] = None,
    kiosk: Annotated[str | None, typer.Option(help="Only for this kiosk: catalogue, settings.")] = None,
) -> None:
    """Put a message into the feed: of all, of one centre, or of one kiosk.

    A catalogue takes the place of every one before it, at those whom it is for; settings change only what they name.
    """
    audience = in_force.audience_of(centre, kiosk)
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    is_table = kind == "catalogue" and file.lower().endswith((".csv", ".xlsx"))
    if is_table:
        from central.publishing import spreadsheet

        content = spreadsheet.read_catalogue(file, content)
    if kind == "calendar" and file.lower().endswith((".csv", ".xlsx")):
        from central.publishing import calendar

        content = calendar.read_table(file, content)
    if kind == "seats":
        _publish_seats(call, content)
        return

    async def act(connection: AsyncConnection, ring: KeyRing) -> int:
        told = await whole_table(connection, content, audience) if is_table else content
        return await publication.publish(connection, kind, told, ring, audience)

    number = run_act(call.config(), "published", {"kind": kind, "centre": centre, "kiosk": kiosk}, act)
    before = "the catalogue before it" if centre or kiosk else "every catalogue before it, also of a centre's own"
    replaced = f"; it takes the place of {before}" if kind == "catalogue" else ""
    where = f"published as message {number} of the feed" if number else "in force; no hub had to be told"
    call.say({"id": number, "kind": kind}, f"{where}{replaced}")


def _publish_seats(call: Call, content: bytes) -> None:
    number = run_act(
        call.config(),
        "published",
        {"kind": "seats"},
        lambda connection, ring: seat_plans.publish(connection, content, ring),
    )
    call.say({"id": number, "kind": "seats"}, f"plan {number} holds from now on; what was promised stays")
