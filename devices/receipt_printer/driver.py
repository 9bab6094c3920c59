"""An ESC/POS receipt printer: asked before, confirmed after, and never believed without an answer.

Job protocol: status; bytes and cut; fence; status. Printed only when the fence was answered. A job that stops at an
empty roll or an open cover stays in the printer: it is called Unknown and held, and nothing else is sent until
it has come out or has been cancelled.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from devices.errors import DeviceTimeout, DeviceUnavailable
from devices.paper import Paper
from devices.protocols import (
    DeviceState,
    NotPrinted,
    PaperState,
    Printed,
    PrinterReport,
    PrinterStatus,
    PrintResult,
    Transport,
    Unknown,
)
from devices.receipt_printer import commands
from devices.receipt_printer.dialogue import confirmation, status
from devices.receipt_printer.dialogue.capabilities import Capabilities
from devices.receipt_printer.dialogue.fence import Fence, NoFence
from devices.receipt_printer.dialogue.graphics import StoredGraphics, upload
from devices.receipt_printer.dialogue.link import PrinterLink
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset import composition
from devices.receipt_printer.typeset.composition import Graphic, Job
from devices.receipt_printer.typeset.job_writer import parting

_RECOVERY_EVERY_S: Final = 5.0
_HOLDS: Final = "holds a job"


@dataclass(frozen=True, slots=True)
class _Held:
    fence: Fence
    job: Job


class EscposPrinter:
    """The printer behind one port, which is opened when needed and reopened after a loss.

    `open_port` raises DeviceUnavailable while there is none. `seconds` says how long bytes take on the wire.
    All calls may come from any thread; one is served at a time.
    """

    def __init__(
        self,
        open_port: Callable[[], Transport],
        layout: Layout,
        graphics: StoredGraphics,
        seconds: Callable[[int], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.layout = layout
        self._open_port = open_port
        self._graphics = graphics
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.RLock()
        self._link: PrinterLink | None = None
        self._known = Capabilities(layout.profile, graphics)
        self._wanted: dict[str, Graphic] = {}
        self._held: _Held | None = None
        self._late: PrintResult | None = None
        self._has_leftover = False
        self._recover_at = 0.0

    def status(self) -> PrinterStatus:
        """Ask the printer how it is. A silent one is Offline with paper Unknown, a lost port NoDevice."""
        with self._lock:
            try:
                return self._ready_status(self._opened())
            except DeviceTimeout:
                self._drop()
                return status.SILENT
            except DeviceUnavailable:
                self._drop()
                return status.GONE

    def print(self, paper: Paper) -> PrintResult:
        """Print one paper and cut it.

        NotPrinted: refused before its first byte. Unknown: see `holds_job`; nothing may be printed in its place before
        `settle` has told what became of it.
        """
        with self._lock:
            now = self._before_a_job()
            if not now.can_print:
                return NotPrinted(status.reason(now))
            try:
                job = composition.compose(paper, self.layout, self._known.ask_stored(self._opened()))
            except DeviceUnavailable:
                self._drop()
                return NotPrinted(DeviceState.NO_DEVICE)
            for graphic in job.wanted:
                self._wanted.setdefault(graphic.digest, graphic)
            return self._send(job)

    def settle(self, timeout_s: float = 0.0) -> PrintResult | None:
        """Return what became of the job that the printer held: None while it still holds it, or when there was none."""
        with self._lock:
            if self._late:
                late, self._late = self._late, None
                return late
            if not self._held:
                return None
            try:
                return self._settle_held(self._opened(), timeout_s)
            except DeviceUnavailable:
                self._drop()
                return self._given_up(DeviceState.NO_DEVICE)

    @property
    def holds_job(self) -> bool:
        """Return whether a job is still in the printer."""
        return self._held is not None

    def cancel(self) -> None:
        """Clear the printer's buffers of a held job; what of it has come out is for staff to see."""
        with self._lock, contextlib.suppress(DeviceUnavailable):
            self._late = self._given_up(PaperState.UNKNOWN) if self._held else self._late
            self._known.cut_short()
            self._known.clear(self._opened())

    def begin_afresh(self) -> None:
        """Say that an earlier job may lie in the slot unfinished and uncut: the next one parts itself from it."""
        self._has_leftover = True

    def want(self, papers: Iterable[Paper]) -> None:
        """Name papers that will be printed often, so that their fixed lines are stored when there is time."""
        for graphic in composition.graphics(papers, self.layout):
            self._wanted.setdefault(graphic.digest, graphic)

    def store_next_graphic(self) -> bool:
        """Upload one wanted graphic, if the printer is idle and may be written to; say whether there was one to try.

        To be called between jobs: it takes as long as the picture's bytes and the flash need.
        """
        with self._lock:
            profile = self.layout.profile
            while self._wanted:
                try:
                    now = self._before_a_job()
                    if not now.can_print or self._held or not self._known.memories:
                        return False
                    self._known.ask_stored(self._opened())
                    graphic = self._wanted.pop(next(iter(self._wanted)))
                    if graphic.digest in self._known.stored:
                        continue
                    self._known.cut_short()
                    tried = upload(self._opened(), self._graphics, self._known.serial, graphic, profile, self._seconds)
                    self._known.half_sent = False
                    return tried
                except DeviceUnavailable:
                    self._drop()
                    return False
            return False

    def report(self) -> PrinterReport:
        """Return what a technician wants to know."""
        with self._lock:
            now = self.status()
            with contextlib.suppress(DeviceUnavailable):
                if now.can_print and self._known.is_made:
                    self._known.ask_stored(self._opened())
            name, fence = self.layout.profile.name, self._known.new_fence().name
            return PrinterReport(now, name, fence, self._known.serial, len(self._known.stored), len(self._wanted))

    def close(self) -> None:
        """Release the port."""
        with self._lock:
            self._drop()

    # --- before a job -------------------------------------------------------------------------------------------

    def _opened(self) -> PrinterLink:
        if self._link is None:
            self._link = PrinterLink(self._open_port(), self._clock)
            if self._held:
                self._link.fence = self._held.fence
        return self._link

    def _drop(self) -> None:
        if self._link:
            self._link.transport.close()
        self._link = None
        self._known.is_made = False

    def _before_a_job(self) -> PrinterStatus:
        now = self.status()
        if self._held and now.detail == _HOLDS:
            # What stopped it has ended: the held job is coming out, or the printer has lost it with its power.
            self._late = self.settle(self.layout.profile.mechanical_s) or self._given_up(PaperState.UNKNOWN)
            now = self.status()
        return now

    def _ready_status(self, link: PrinterLink) -> PrinterStatus:
        now = link.ask_status()
        if now is None:
            # It may have lost its power, and with it everything but its flash.
            self._known.is_made = False
            return status.SILENT
        if now.detail == status.CUTTER and self._clock() >= self._recover_at:
            # Once the jam is out, the printer waits to be told; while it is not, this only tries the cutter again.
            self._recover_at = self._clock() + _RECOVERY_EVERY_S
            link.write(commands.RECOVER_AND_GO_ON if self._held else commands.RECOVER_AND_FORGET)
            now = link.ask_status() or status.SILENT
        if self._held:
            return PrinterStatus(DeviceState.BUSY, now.paper, _HOLDS) if now.can_print else now
        if now.can_print and not self._known.is_made and not self._known.make(link):
            return PrinterStatus(DeviceState.STARTING, now.paper, "finishing a job that was cut short")
        return now

    # --- a job --------------------------------------------------------------------------------------------------

    def _send(self, job: Job) -> PrintResult:
        link = self._opened()
        fence = self._known.new_fence()
        data = job.data
        if self._has_leftover:
            data = commands.INITIALIZE + parting(self.layout.profile) + data
        self._has_leftover = True  # until it is known to be whole
        is_sent = False
        try:
            link.drain()
            begun = self._clock()
            link.write(data)
            link.drain()
            link.fence = fence  # what came before this point proves nothing
            link.write(fence.request)
            is_sent = True
            result = confirmation.wait(
                link,
                fence,
                self._millimetres(job),
                begun + self._seconds(len(data)),
                self.layout.profile.mechanical_s,
            )
        except DeviceTimeout:
            result = Unknown(DeviceState.OFFLINE)
        except DeviceUnavailable:
            result = Unknown(DeviceState.NO_DEVICE)
        if isinstance(result, Unknown) and result.holds_job:
            self._held = _Held(fence, job)
            return result
        if self._link:
            self._link.fence = None
        if isinstance(result, Printed) or (
            is_sent and result == confirmation.UNANSWERED and isinstance(fence, NoFence)
        ):
            self._has_leftover = False  # of a printer that never answers, all that can be known
        else:
            self._known.cut_short()
            self._drop()
        return result

    def _settle_held(self, link: PrinterLink, timeout_s: float) -> PrintResult | None:
        held = self._held
        until = self._clock() + timeout_s
        while held:
            link.pump(min(0.05, max(0.0, until - self._clock())))
            if held.fence.is_met(self._clock()):
                self._held = None
                link.fence = None
                result = confirmation.judge(link, held.fence, self._millimetres(held.job))
                self._has_leftover = not isinstance(result, Printed)
                return result
            if self._clock() >= until:
                break
        return None

    def _millimetres(self, job: Job) -> int:
        return round(self.layout.profile.millimetres(job.rows))

    def _given_up(self, why: DeviceState | PaperState) -> Unknown:
        self._held = None
        self._known.cut_short()
        self._known.is_made = False
        if self._link:
            self._link.fence = None
        return Unknown(why)
