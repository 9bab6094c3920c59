"""T5 and T8. "Try now": the forwarder asks central at once, and the screen says in plain words how that went."""

import asyncio
from collections.abc import Sequence

from kiosk.machine.network.link import Link
from kiosk.maintenance.central.delivery import failure, try_central
from kiosk.maintenance.prompts import Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import Text

_LOOK_S = 0.5


def local_fault(links: Sequence[Link]) -> Text | None:
    """Name what is missing on this side of the cable, nearest first; None where nothing is."""
    if not any(link.has_carrier for link in links):
        return Text("maintenance.failure.no_cable")
    if not any(link.addresses for link in links):
        return Text("maintenance.failure.no_address")
    return None


async def try_now(session: Session, title: Text) -> None:
    """Have central asked now, say how long that has taken so far, and then in plain words what failed."""
    central = Text("maintenance.topic.central")

    async def waiting(gone_s: int) -> None:
        lines = (Line(central, Text("maintenance.network.no_answer_for", {"n": gone_s}), Tone.UNKNOWN),)
        try:
            await session.ask(Panel("trying", title, lines), within_s=_LOOK_S)
        except TimeoutError:
            return

    went = await try_central(session.tools.store, waiting)
    links, _ = await asyncio.to_thread(session.tools.links)
    fault = None if went is not None and went.error is None else local_fault(links)
    detail: tuple[Line, ...] = ()
    if went is None:
        line = Line(central, Text("maintenance.failure.forwarder"), Tone.BAD)
    elif went.error is None:
        line = Line(central, Text("maintenance.central.good"), Tone.GOOD)
    else:
        words, technical = failure(went.error)
        line = Line(central, fault or words, Tone.BAD)
        detail = (Line(Text("maintenance.detail"), technical),)
    await session.ask(Panel("tried", title, (line, *detail)))
