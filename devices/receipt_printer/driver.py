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
from devices.protocols import (
    DeviceState,
    NotPrinted,
    PaperState,
    PrinterReport,
    PrinterStatus,
    PrintResult,
    Transport,
    Unknown,
)
from devices.receipt_printer import commands, composition, confirmation, status
from devices.receipt_printer.composition import Graphic, Job, StoredKey
from devices.receipt_printer.fence import Fence, NoFence, PaperFence, ProcessFence
from devices.receipt_printer.graphics import StoredGraphics, upload
from devices.receipt_printer.link import PrinterLink
from devices.receipt_printer.paper import Paper
from devices.receipt_printer.profile import Layout

_PROBE: Final = b"idle"
_PROBE_S: Final = 1.0
_KEYS_S: Final = 0.5
# No picture that the kiosk sends is longer: so many zeros end one that a crash left half sent.
_LONGEST_COMMAND: Final = 16384
_FILL: Final = 1024


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
        self._introduced = False
        self._half_sent = False  # a job or picture may have been cut short within a command
        self._filled = 0
        self._new_fence: Callable[[], Fence] = NoFence
        self._serial = ""
        self._lists_keys = False
        self._stored: dict[str, StoredKey] = {}
        self._wanted: dict[str, Graphic] = {}
        self._held: _Held | None = None
        self._late: PrintResult | None = None

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
                job = composition.compose(paper, self.layout, self._usable())
            except DeviceUnavailable:
                self._drop()
                return NotPrinted(DeviceState.NO_DEVICE)
            for graphic in job.wanted:
                self._wanted.setdefault(graphic.digest, graphic)
            return self._send(job)

    def settle(self, timeout_s: float = 0.0) -> PrintResult | None:
        """Say what became of the job that the printer held: None while it still holds it, or when there was none."""
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
        """Say whether a job is still in the printer."""
        return self._held is not None

    def cancel(self) -> None:
        """Clear the printer's buffers of a held job; what of it has come out is for staff to see."""
        with self._lock, contextlib.suppress(DeviceUnavailable):
            self._late = self._given_up(PaperState.UNKNOWN) if self._held else self._late
            self._half_sent = True
            self._clear(self._opened())

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
                    if not now.can_print or self._held or not self._lists_keys:
                        return False
                    self._usable()
                    graphic = self._wanted.pop(next(iter(self._wanted)))
                    if graphic.digest in self._stored:
                        continue
                    self._half_sent = True
                    tried = upload(self._opened(), self._graphics, self._serial, graphic, profile, self._seconds)
                    self._half_sent = False
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
                if now.can_print and self._introduced:
                    self._usable()
            name, fence = self.layout.profile.name, self._new_fence().name
            return PrinterReport(now, name, fence, self._serial, len(self._stored), len(self._wanted))

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
        self._introduced = False

    def _before_a_job(self) -> PrinterStatus:
        now = self.status()
        if self._held and now.device in (DeviceState.ONLINE, DeviceState.BUSY) and now.paper is not PaperState.OUT:
            # The roll is in again: the held job is coming out, or the printer has lost it with its power.
            self._late = self.settle(self.layout.profile.mechanical_s) or self._given_up(PaperState.UNKNOWN)
            now = self.status()
        return now

    def _ready_status(self, link: PrinterLink) -> PrinterStatus:
        now = link.ask_status()
        if now is None:
            # It may have lost its power, and with it everything but its flash.
            self._introduced = False
            return status.SILENT
        if self._held:
            return PrinterStatus(DeviceState.BUSY, now.paper, "holds a job") if now.can_print else now
        if now.can_print and not self._introduced:
            self._introduced = self._introduce(link)
            if not self._introduced:
                return PrinterStatus(DeviceState.STARTING, now.paper, "finishing a job that was cut short")
        return now

    def _introduce(self, link: PrinterLink) -> bool:
        """Learn what this printer can do. False while it still swallows bytes as the rest of a half-sent picture."""
        profile = self.layout.profile
        if self._half_sent:
            self._clear(link)
        process_id = commands.process_id(_PROBE) if profile.fence != "paper-status" else b""
        keeps = profile.nv_graphics or profile.ram_graphics
        found = link.survey(process_id + (commands.SERIAL_NUMBER + self._key_questions() if keeps else b""), _PROBE_S)
        if found is None and self._filled < _LONGEST_COMMAND:
            link.write(bytes(_FILL))
            self._filled += _FILL
            return False
        self._filled = 0
        self._half_sent = False
        self._stored = {}
        if found is None:
            self._new_fence = NoFence
            return True
        self._new_fence = ProcessFence if found.process_id == _PROBE else PaperFence
        self._serial = found.serial
        self._lists_keys = found.nv_keys is not None or found.ram_keys is not None
        return True

    def _clear(self, link: PrinterLink) -> None:
        if self.layout.profile.can_cancel:
            link.write(commands.CANCEL_JOB)
        link.write(commands.INITIALIZE)

    def _key_questions(self) -> bytes:
        profile = self.layout.profile
        return commands.NV_KEYS * profile.nv_graphics + commands.RAM_KEYS * profile.ram_graphics

    def _usable(self) -> dict[str, StoredKey]:
        """Ask for the lists of keys anew: a printer that was off for a moment has forgotten what was in its RAM."""
        self._stored = {}
        found = self._opened().survey(self._key_questions(), _KEYS_S) if self._lists_keys else None
        if found:
            none: frozenset[bytes] = frozenset()
            self._stored = self._graphics.usable(self._serial, found.nv_keys or none, found.ram_keys or none)
        return self._stored

    # --- a job --------------------------------------------------------------------------------------------------

    def _send(self, job: Job) -> PrintResult:
        link = self._opened()
        fence = self._new_fence()
        try:
            link.drain()
            begun = self._clock()
            link.write(job.data)
            link.drain()
            link.fence = fence  # what came before this point proves nothing
            link.write(fence.request)
            result = confirmation.wait(
                link,
                fence,
                self._millimetres(job),
                begun + self._seconds(len(job.data)),
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
        if isinstance(result, Unknown):
            self._half_sent = True
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
                return confirmation.judge(link, held.fence, self._millimetres(held.job))
            if self._clock() >= until:
                break
        return None

    def _millimetres(self, job: Job) -> int:
        return round(self.layout.profile.millimetres(job.rows))

    def _given_up(self, why: DeviceState | PaperState) -> Unknown:
        self._held = None
        self._half_sent = True
        self._introduced = False
        if self._link:
            self._link.fence = None
        return Unknown(why)
