"""T4. Changing the roll, step by step; then the kiosk is back in service by itself, and the metres begin again."""

import asyncio
import contextlib
from typing import Final

from devices.protocols import PaperState
from kiosk.flows.ended import WentBack
from kiosk.maintenance.prompts import PaperStep
from kiosk.maintenance.session import Session
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, OutReason, Text
from offline_store.printed import tallies

LOW_M: Final = 8
STEPS: Final = ("open", "remove", "insert", "close")
_SEEN_WITHIN_S = 2.0  # how soon the printer's own word on cover and paper is looked at again


async def change_paper(session: Session) -> None:
    """Lead through the change, print a test page, set the roll back to full; any way out is back in service."""
    tools = session.tools
    # By hand before, or by itself: that stays, with its own words. An earlier change of paper is over.
    was_out = tools.health().out_of_service not in (None, OutReason.CHANGING_PAPER)
    if not was_out:
        tools.show_out(OutReason.CHANGING_PAPER, None)
    try:
        step = 0
        while step < len(STEPS):
            try:
                await _step(session, step)
                step += 1
            except WentBack:
                if step == 0:
                    return
                step -= 1
        await session.record("paper-changed")
        await asyncio.to_thread(tallies.reset_trip, tools.store, tallies.PAPER_MM)
        paper = await session.work("maintenance.printing", tools.papers.print_test_page)
        end = "printed_out" if was_out and paper.state == "printed" else paper.state
        await session.tell("print_result", "maintenance.place.paper", f"maintenance.paper_done.{end}")
    finally:
        if not was_out:
            tools.show_out(None, None)


async def _step(session: Session, step: int) -> None:
    """Show one step, drawn again as the printer's own state changes. The last one waits until there is paper."""
    is_last = step == len(STEPS) - 1
    while True:
        report = session.tools.devices.report(Device.PRINTER)
        paper = report.paper or PaperState.UNKNOWN
        has_paper = paper in (PaperState.FULL, PaperState.LOW)
        wait = Availability(False, Text("maintenance.paper.no_paper_yet"))
        prompt = PaperStep(
            STEPS[step],
            step + 1,
            len(STEPS),
            OFFERED if has_paper or not is_last else wait,
            Text(f"maintenance.paper.{paper.value}"),
        )
        with contextlib.suppress(TimeoutError):
            await session.ask(prompt, within_s=_SEEN_WITHIN_S)
            return


def left_m(store_tallies: dict[str, tallies.Tally], roll_m: int) -> int:
    """Metres left on the roll, from what was printed since it was put in; never below nothing."""
    used = store_tallies.get(tallies.PAPER_MM, tallies.Tally(0, 0)).trip
    return max(0, roll_m - round(used / 1000))
