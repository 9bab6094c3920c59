"""What the kiosk may ask of a device, and the words in which devices answer.

States carry the words of XFS4IoT (CEN/XFS4IoT 2023: Common.Status device, Printer.Status paper, CardReader.Status
media), so that a technician reads here what every other self-service machine says. Drivers are synchronous, and every
call ends by its deadline. One thread owns a device.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.paper import Paper


class DeviceState(StrEnum):
    """How a device is (XFS4IoT Common.Status, `device`)."""

    ONLINE = "Online"  # ready
    OFFLINE = "Offline"  # there, but silent or switched offline
    POWER_OFF = "PowerOff"  # says that it is switched off
    NO_DEVICE = "NoDevice"  # port gone, or never there
    HARDWARE_ERROR = "HardwareError"  # needs a technician
    USER_ERROR = "UserError"  # a person must act: cover open, button held
    BUSY = "DeviceBusy"  # at work, ask again
    FRAUD_ATTEMPT = "FraudAttempt"
    POTENTIAL_FRAUD = "PotentialFraud"
    STARTING = "Starting"  # opened, first answer not yet seen


class PaperState(StrEnum):
    """How the paper is (XFS4IoT Printer.Status, `paper`)."""

    UNKNOWN = "Unknown"  # no answer: never taken for paper
    FULL = "Full"
    LOW = "Low"
    OUT = "Out"
    JAMMED = "Jammed"


class MediaState(StrEnum):
    """Where a card is (XFS4IoT CardReader.Status, `media`)."""

    PRESENT = "Present"
    NOT_PRESENT = "NotPresent"
    JAMMED = "Jammed"
    ENTERING = "Entering"
    RETRACTED = "Retracted"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A printer's last known state. `detail` is a short technical word such as `cutter`, for the technician."""

    device: DeviceState
    paper: PaperState
    detail: str = ""

    @property
    def can_print(self) -> bool:
        """Return whether a job may be started."""
        return self.device is DeviceState.ONLINE and self.paper in (PaperState.FULL, PaperState.LOW)


@dataclass(frozen=True, slots=True)
class PrinterReport:
    """What `kiosk devices` shows of a printer. `fence` names the command by which it confirms jobs, or `none`."""

    status: PrinterStatus
    profile: str
    fence: str
    serial: str
    stored_graphics: int
    waiting_graphics: int


@dataclass(frozen=True, slots=True)
class ScannerStatus:
    """A code scanner's last known state; `dropped` counts scans that were too long or came unasked."""

    device: DeviceState
    dropped: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardReaderStatus:
    """A card reader's last known state."""

    device: DeviceState
    media: MediaState = MediaState.NOT_PRESENT
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer confirmed the whole job. `millimetres` of paper were used."""

    millimetres: int


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Nothing of the job came out. `reason` is a word of XFS4IoT, of the paper or else of the device."""

    reason: DeviceState | PaperState


@dataclass(frozen=True, slots=True)
class Unknown:
    """The job went out, wholly or in part, and was not confirmed: staff must look at the paper.

    `holds_job`: the printer still keeps the job and may print it once the fault is cleared.
    """

    reason: DeviceState | PaperState
    holds_job: bool = False


type PrintResult = Printed | NotPrinted | Unknown


@dataclass(frozen=True, slots=True)
class Scan:
    """One code as read, undecoded. `symbology` is the AIM identifier without the `]`, or empty.

    The payload may be personal: it is not shown by `repr` and must never be logged.
    """

    payload: bytes = field(repr=False)
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card as read. `scheme` names the technology (`magstripe`, `em4100`, `iso14443a`, `motor`).

    `identifier` is what tells this card from others and is not shown by `repr`; `masked` may be shown and logged.
    """

    scheme: str
    identifier: bytes = field(repr=False)
    masked: str = ""


class Transport(Protocol):
    """A byte stream to a device. Every call ends by its deadline."""

    def read(self, size: int, timeout_s: float) -> bytes:
        """Return what has come, at most `size` bytes, waiting up to `timeout_s` for the first; empty if none came.

        Raises:
            DeviceUnavailable: the port is gone.
        """

    def write(self, data: bytes) -> None:
        """Hand all of `data` to the port within the write deadline.

        Raises:
            DeviceTimeout: the peer does not take it; how much went out is not known.
            DeviceUnavailable: the port is gone.
        """

    def close(self) -> None:
        """Close the port at once, dropping what was not sent. May be called twice."""


class ReceiptPrinter(Protocol):
    """A printer of tickets and receipts."""

    def status(self) -> PrinterStatus:
        """Ask the printer how it is; silence and a lost port are states, so nothing is raised."""

    def print(self, paper: Paper) -> PrintResult:
        """Print one paper and cut it; `Printed` only when the printer confirmed it."""

    def settle(self, timeout_s: float = 0.0) -> PrintResult | None:
        """Return what became of a job that the printer held; None while it still holds it, or when there was none."""

    @property
    def holds_job(self) -> bool:
        """Return whether an unconfirmed job is still in the printer."""

    def cancel(self) -> None:
        """Clear a held job from the printer."""

    def begin_afresh(self) -> None:
        """Say that an earlier job may lie in the slot unfinished and uncut: the next one parts itself from it."""

    def want(self, papers: Iterable[Paper]) -> None:
        """Name papers that will be printed often, so that the printer may be taught their fixed lines."""

    def store_next_graphic(self) -> bool:
        """Teach the printer one fixed line, between jobs; say whether it was done and there may be more."""

    def report(self) -> PrinterReport:
        """Return what a technician wants to know."""

    def close(self) -> None:
        """Release the port."""


class CodeScanner(Protocol):
    """A scanner of two-dimensional codes."""

    def scan(self, timeout_s: float) -> Scan | None:
        """Return the next code, or None when none came within `timeout_s`.

        Raises:
            DeviceUnavailable: the port is gone.
        """

    def discard(self) -> None:
        """Drop what was scanned while nobody asked for a code."""

    def status(self) -> ScannerStatus:
        """Return how the scanner is, as far as known."""

    def close(self) -> None:
        """Release the port."""


class CardReader(Protocol):
    """A reader of cards."""

    @property
    def can_eject(self) -> bool:
        """Return whether `eject` does something."""

    def read(self, timeout_s: float) -> Card | None:
        """Return the next card, or None when none came within `timeout_s`.

        Raises:
            DeviceUnavailable: the port is gone.
            DeviceFault: the reader says that it cannot, for example jammed.
        """

    def discard(self) -> None:
        """Drop what was presented while nobody asked for a card, and see whether the reader is still there.

        Raises:
            DeviceUnavailable: the port is gone, or a reader that answers questions answers none.
        """

    def eject(self) -> None:
        """Give the card back, where the reader can; nothing otherwise.

        Raises:
            DeviceError: the card did not come out.
        """

    def status(self) -> CardReaderStatus:
        """Return how the reader is, as far as known."""

    def close(self) -> None:
        """Release the port."""
