"""From the job's last byte to one of three words: printed, held in the printer, or unknown."""

from typing import Final

from devices.errors import DeviceUnavailable
from devices.protocols import DeviceState, PaperState, Printed, PrinterStatus, PrintResult, Unknown
from devices.receipt_printer.dialogue import status
from devices.receipt_printer.dialogue.fence import Fence
from devices.receipt_printer.dialogue.link import PrinterLink

_POLL_S: Final = 0.5
# A fence that is due is given so long after the roll is seen empty: the last sheet of a roll is a whole sheet.
_LAST_SHEET_S: Final = 1.0
# Who has just answered the fence is there, and may be silent while the sheet comes out.
_SILENT_S: Final = 2.0
UNANSWERED: Final = Unknown(PaperState.UNKNOWN)
"""All bytes had their time, the printer is well, and the fence is not answered."""


def wait(link: PrinterLink, fence: Fence, millimetres: int, sent_by: float, patience_s: float) -> PrintResult:
    """Wait for the fence until all bytes had their time on the wire (`sent_by`) and the mechanism its own.

    Raises:
        DeviceUnavailable: the port went away.
    """
    deadline = sent_by + patience_s
    # Asked earlier, the question would only queue behind the job.
    poll_at = sent_by + _POLL_S
    blocked: PrinterStatus | None = None
    while link.clock() < deadline:
        link.pump(0.05)
        if fence.is_met(link.clock()):
            return judge(link, fence, millimetres)
        if link.pushed and not link.pushed.can_print:  # it says so by itself: no need to wait for the next question
            poll_at = min(poll_at, sent_by)
        if link.clock() < poll_at:
            continue
        link.pushed = None
        now = link.ask_status()
        if fence.is_met(link.clock()):
            return judge(link, fence, millimetres)
        if now is None:
            return Unknown(DeviceState.OFFLINE)
        if now.device is DeviceState.HARDWARE_ERROR:
            return Unknown(status.reason(now))
        blocked = None if now.can_print else now
        if blocked:
            deadline = min(deadline, link.clock() + _LAST_SHEET_S)
        poll_at = link.clock() + _POLL_S
    return Unknown(status.reason(blocked), holds_job=True) if blocked else UNANSWERED


def judge(link: PrinterLink, fence: Fence, millimetres: int) -> PrintResult:
    """The fence was answered: ask once more how the printer is, again while it is silent, and judge the job by that."""
    until = link.clock() + _SILENT_S
    try:
        while (now := link.ask_status()) is None and link.clock() < until:
            pass
    except DeviceUnavailable:
        now = None
    if now and now.device is DeviceState.HARDWARE_ERROR:
        return Unknown(status.reason(now))
    # GS r says that the bytes were processed, not that the paper came out: it needs a sound printer behind it.
    if not fence.proves_paper and (now is None or not now.can_print):
        return Unknown(status.reason(now) if now else DeviceState.OFFLINE)
    return Printed(millimetres)
