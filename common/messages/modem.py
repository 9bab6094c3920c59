"""The channel `modem`: a GSM modem at a serial port, which needs no internet.

What the modem is like is written into a file beside the process that holds its port, for who asks meanwhile.
"""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import structlog

from common.machine.doctor.secret_file import fault_of
from common.machine.durable_file import PRIVATE, replace_file
from common.messages.modem_note import FILE, ModemSaid
from common.messages.port import ChannelBusy, ChannelUnavailable, Received, Report, Sent
from common.messages.settings import ModemSection
from devices.errors import DeviceError, DeviceFault
from devices.modem.messages import Fate, Handed, Modem, NotHanded
from devices.modem.opening import MODEMS, open_modem
from devices.settings import DeviceSettings

LOOK_EVERY_S: Final = 60.0
CREDIT_EVERY_S: Final = 6 * 3600.0
#: The network says that there is no such number (3GPP TS 24.011, causes 1 and 28): later it says the same.
_NEVER: Final = frozenset({"cms-1", "cms-28"})
#: The driver's words for a port that is gone or silent: it has to be opened again.
_LOST: Final = frozenset({"gone", "no-answer"})
_MOST_AWAITED: Final = 200
_log = structlog.get_logger(__name__)


class ModemChannel:
    """Hands texts to a modem, hears their fate and what comes in. Calls come from one thread at a time."""

    def __init__(self, modem: Modem, folder: Path | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Use a modem that is open; `folder` keeps what it says of itself."""
        self._modem = modem
        self._file = None if folder is None else folder / FILE
        self._monotonic = monotonic
        self._awaited: dict[tuple[int, str], str] = {}
        self._look_at = self._credit_at = 0.0
        self._credit: str | None = None

    def send(self, number: str, text: str, life_s: float) -> Sent:
        """Hand a text to the network, which keeps it no longer than its life. Raises ChannelUnavailable."""
        try:
            sent = self._modem.send(number, text, life_s)
        except ValueError:  # no telephone number
            return Sent("failed")
        match sent:
            case Handed(reference):
                return Sent("handed", self._await(reference, number))
            case NotHanded(reason) if reason in _NEVER:
                return Sent("failed")
            case NotHanded(reason) if reason in _LOST:
                raise ChannelUnavailable(reason)
            case NotHanded(reason):
                raise ChannelBusy(reason)
            case _:
                return Sent("unknown")

    def reports(self) -> list[Report]:
        """Return what became of texts that this process handed over. Raises ChannelUnavailable."""
        try:
            self._tell()
            told = self._modem.reports()
        except DeviceError as error:
            raise _said_no(error) from error
        known = [(self._awaited.pop((one.reference, one.number), None), one.fate) for one in told]
        return [Report(name, "delivered" if fate is Fate.DELIVERED else "failed") for name, fate in known if name]

    def received(self) -> list[Received]:
        """Return texts that came in; those of the call before are deleted. Raises ChannelUnavailable."""
        try:
            return [Received(one.number, one.text) for one in self._modem.received()]
        except DeviceError as error:
            raise _said_no(error) from error

    def close(self) -> None:
        """Release the port."""
        self._modem.close()

    def _await(self, reference: int, number: str) -> str:
        """Return by what a text is known to the outbox: the modem counts to 255, and bears the number."""
        while len(self._awaited) >= _MOST_AWAITED:
            self._awaited.pop(next(iter(self._awaited)))
        # Counted round to the same reference, an older text of the number hears no more.
        self._awaited.pop((reference, number), None)
        name = self._awaited[reference, number] = str(uuid.uuid4())
        return name

    def _tell(self) -> None:
        """Write down now and then what the modem is like."""
        now = self._monotonic()
        if self._file is None or now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY_S
        if now >= self._credit_at:
            self._credit_at = now + CREDIT_EVERY_S
            self._credit = self._modem.credit() or None
        said = said_by(self._modem, self._credit)
        try:
            replace_file(self._file, msgspec.json.encode(said), mode=PRIVATE)
        except OSError as error:  # a full disk keeps nobody from being told
            _log.warning("modem-not-noted", error=str(error)[:200])


def _said_no(error: DeviceError) -> ChannelUnavailable:
    return ChannelBusy(str(error)) if isinstance(error, DeviceFault) else ChannelUnavailable(str(error))


def said_by(modem: Modem, credit: str | None) -> ModemSaid:
    """Ask a modem what it is like."""
    status = modem.status()
    return ModemSaid(
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        device=status.device.value,
        sim=status.sim.value,
        operator=status.operator,
        is_registered=status.is_registered,
        signal_dbm=status.signal_dbm,
        credit=credit,
        detail=status.detail,
        pin_tries_left=status.pin_tries_left,
    )


def device_of(section: ModemSection) -> Modem:
    """Open the modem of a section. Raises ChannelUnavailable where it can't be had now."""
    if section.pin_file and (fault := fault_of(Path(section.pin_file))) is not None:
        raise ChannelUnavailable(fault)
    named = {"pin_file": section.pin_file or "", "credit_code": section.credit_code or ""}
    options = tuple((name, value) for name, value in named.items() if value)
    folder = Path(section.state_dir) if section.state_dir else None
    try:
        return open_modem(
            DeviceSettings(section.driver, section.port, section.baudrate, state_dir=folder, options=options)
        )
    except KeyError:
        raise ChannelUnavailable(f"no driver {section.driver!r}; known is {', '.join(MODEMS)}") from None
    except (DeviceError, ValueError) as error:
        raise ChannelUnavailable(str(error)) from error


def open_channel(section: ModemSection) -> ModemChannel:
    """Open the modem as a channel. Raises ChannelUnavailable."""
    return ModemChannel(device_of(section), Path(section.state_dir) if section.state_dir else None)
