"""What is known of the devices, as values: reports, events, and which operations they make possible. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from devices.protocols import Card, DeviceState, MediaState, PaperState, Scan


class Device(StrEnum):
    """The devices that a kiosk may have; the values are those of the settings."""

    PRINTER = "printer"
    SCANNER = "scanner"
    CARD_READER = "card_reader"


class Operation(StrEnum):
    """What a citizen may be offered that needs a device."""

    PRINT = "print"  # a ticket or receipt on paper
    SCAN = "scan"  # an order code, or the code on an identity card
    READ_CARD = "read_card"  # a card put in, swiped or held near

    @property
    def device(self) -> Device:
        """Return the device that it needs."""
        return _NEEDS[self]


_NEEDS = {
    Operation.PRINT: Device.PRINTER,
    Operation.SCAN: Device.SCANNER,
    Operation.READ_CARD: Device.CARD_READER,
}


class WhyNot(StrEnum):
    """Why an operation can't be offered."""

    NOT_FITTED = "not_fitted"  # this kiosk has no such device
    STARTING = "starting"  # opened, or about to be; ask again in a moment
    GONE = "gone"  # unplugged, or its port can't be opened
    SILENT = "silent"  # there, but no answer
    FAULT = "fault"  # a technician must see to it
    PERSON = "person"  # someone must close a cover or let go of a button
    PAPER_OUT = "paper_out"
    PAPER_UNKNOWN = "paper_unknown"  # the printer does not say; never taken for paper
    JAMMED = "jammed"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Report:
    """How a device is. `paper` of the printer, `media` of the card reader; `detail` is a word for the technician."""

    device: Device
    state: DeviceState
    paper: PaperState | None = None
    media: MediaState | None = None
    detail: str = ""
    is_fitted: bool = True

    @property
    def is_up(self) -> bool:
        """Return whether the device answers at all."""
        return self.state not in (DeviceState.NO_DEVICE, DeviceState.OFFLINE, DeviceState.POWER_OFF)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code was held to the scanner."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class Presented:
    """A card was presented to the card reader."""

    card: Card


type DeviceEvent = Report | Scanned | Presented


@dataclass(frozen=True, slots=True)
class Possibility:
    """Whether an operation can be offered now; `why` where it can't."""

    operation: Operation
    why: WhyNot | None = None

    @property
    def is_offered(self) -> bool:
        """Return whether it can be offered."""
        return self.why is None


_STATES = {
    DeviceState.STARTING: WhyNot.STARTING,
    DeviceState.NO_DEVICE: WhyNot.GONE,
    DeviceState.POWER_OFF: WhyNot.SILENT,
    DeviceState.OFFLINE: WhyNot.SILENT,
    DeviceState.HARDWARE_ERROR: WhyNot.FAULT,
    DeviceState.FRAUD_ATTEMPT: WhyNot.FAULT,
    DeviceState.POTENTIAL_FRAUD: WhyNot.FAULT,
    DeviceState.USER_ERROR: WhyNot.PERSON,
    DeviceState.BUSY: WhyNot.BUSY,
}
_PAPERS = {
    PaperState.OUT: WhyNot.PAPER_OUT,
    PaperState.JAMMED: WhyNot.JAMMED,
    PaperState.UNKNOWN: WhyNot.PAPER_UNKNOWN,
}


def judge_possibility(operation: Operation, report: Report) -> Possibility:
    """Return whether an operation is possible with a device that is as reported: the nearest cause first."""
    if not report.is_fitted:
        return Possibility(operation, WhyNot.NOT_FITTED)
    causes = (
        WhyNot.JAMMED if report.media is MediaState.JAMMED or report.paper is PaperState.JAMMED else None,
        # A printer without paper reports itself offline or in need of a person; the paper is what to say.
        WhyNot.PAPER_OUT if report.paper is PaperState.OUT else None,
        _STATES.get(report.state),
        None if report.paper is None else _PAPERS.get(report.paper),
    )
    return Possibility(operation, next((cause for cause in causes if cause is not None), None))
