"""T8. The network as it is: addresses, whether central answers; how to change it is the installer's affair."""

from __future__ import annotations

import asyncio

from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts import Text
from offline_store.delivery_status import request_try_now


async def network(session: Session) -> None:
    """Show addresses and the way to central; try it again on touch."""
    bench = session.bench
    while True:
        found = await asyncio.to_thread(bench.addresses)
        lines = [Line(interface, address, Tone.GOOD) for interface, address in found]
        if not lines:
            lines = [Line(Text("maintenance.network.no_address"), tone=Tone.BAD)]
        outbox, central = bench.health().outbox, bench.settings.config.central.url
        lines.append(Line(Text("maintenance.topic.central"), central))
        if outbox.last_error is not None:
            lines.append(Line(Text("maintenance.outbox.error_label"), outbox.last_error, Tone.BAD))
        buttons = (Button("try_now", Text("maintenance.outbox.try_now")),)
        note = Text("maintenance.network.note")
        await session.ask(Panel("network", Text("maintenance.place.network"), tuple(lines), buttons, note))
        await asyncio.to_thread(request_try_now, bench.store)
        await session.tell("outbox_asked", "maintenance.place.network", "maintenance.outbox.asked")
