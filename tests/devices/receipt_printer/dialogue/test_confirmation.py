"""A fence that was answered: what the printer's last word, or its silence, makes of the job."""

from collections.abc import Sequence
from typing import cast

import pytest

from devices.protocols import DeviceState, PaperState, Printed, PrinterStatus, PrintResult, Unknown
from devices.receipt_printer.dialogue import confirmation
from devices.receipt_printer.dialogue.fence import PaperFence
from devices.receipt_printer.dialogue.link import PrinterLink

ASKING_S = 0.6
WELL = PrinterStatus(DeviceState.ONLINE, PaperState.FULL)


class SlowLink:
    """A printer that says nothing for so many questions."""

    def __init__(self, answers: Sequence[PrinterStatus | None]) -> None:
        self.now, self._answers = 0.0, list(answers)

    def clock(self) -> float:
        return self.now

    def ask_status(self) -> PrinterStatus | None:
        self.now += ASKING_S
        return self._answers.pop(0) if self._answers else None


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([WELL], Printed(90)),
        ([None, None, WELL], Printed(90)),
        ([None, PrinterStatus(DeviceState.ONLINE, PaperState.OUT)], Unknown(PaperState.OUT)),
        ([], Unknown(DeviceState.OFFLINE)),
    ],
)
def test_a_printer_that_is_silent_while_its_sheet_comes_out_is_asked_again_for_two_seconds(
    answers: list[PrinterStatus | None], result: PrintResult
) -> None:
    link = SlowLink(answers)
    assert confirmation.judge(cast("PrinterLink", link), PaperFence(), 90) == result
    assert link.now <= 2.0 + ASKING_S
