"""A GSM modem by the standards' commands alone: messages in PDU mode, reports, signal, SIM, credit.

Sources: 3GPP TS 27.005 (CMGF, CNMI, CMGS, CMGL, CMGD), TS 27.007 (CPIN, CPINR, CREG, COPS, CSQ, CUSD, CMEE),
ITU-T V.250.
"""

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.errors import DeviceFault, DeviceTimeout, DeviceUnavailable
from devices.modem.answers import (
    credit_in,
    is_registered_in,
    is_whole,
    operator_in,
    reference_in,
    signal_in,
    sim_in,
    stored_in,
    tries_left_in,
)
from devices.modem.exchange import NAME, Exchange
from devices.modem.messages import Handed, ModemStatus, NotHanded, PerhapsHanded, Received, Report, Sent, SimState
from devices.modem.pdu import parse, submit
from devices.modem.pin import Pin
from devices.protocols import DeviceState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_FIRST_WORD_S: Final = 1.0
_FIRST_WORDS: Final = 3
# Each call ends below a minute; a network may take long to accept a message.
_BEGIN_S: Final = 14.0
_NETWORK_S: Final = 35.0
_LOOK_S: Final = 20.0
_CREDIT_S: Final = 25.0
_SIM_S: Final = 1.0  # between two looks at a card that has just been opened
_SIM_LOOKS: Final = 5
_MOST_STORED: Final = 5  # in one call; they are deleted one by one in the next
_MOST_CREDIT_LINES: Final = 8
_SIM_FAULTS: Final = {"cme-10": SimState.MISSING, "cms-310": SimState.MISSING, "cme-12": SimState.LOCKED}
_SIM_BUSY: Final = "cme-14"
_WRONG_PIN: Final = "cme-16"
# The network's and the modem's own refusals (TS 27.005, 3.2.5). After all else, such as 332, a network timeout, or 500,
# an unknown error, nobody knows what became of the message.
_REFUSALS: Final = frozenset(f"cms-{number}" for number in (*range(1, 128), *range(300, 332)))
# Reports at once, or else into the memory, where some makers know only that (TS 27.005, 3.4.1).
_INDICATIONS: Final = ("AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,2,0")
_CREDIT: Final = "+CUSD:"
_USSD_CODE: Final = re.compile(r"[*#0-9]{2,20}")


class GsmModem:
    """Sends and receives messages. One thread at a time may use it; each call ends by its deadline.

    Raises on construction:
        ValueError: the code for the credit is none.
    """

    def __init__(
        self,
        transport: Transport,
        pin: Pin | None = None,
        credit_code: str = "",
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if credit_code and not _USSD_CODE.fullmatch(credit_code):
            raise ValueError("credit_code: 2 to 20 of the signs * # and digits, such as *100#")
        self._exchange = Exchange(transport, clock, sleep)
        self._pin = pin
        self._credit_code = credit_code
        self._sleep = sleep
        self._is_ready = False
        self._sim = SimState.UNKNOWN
        self._tries_left: int | None = None  # of the card's PIN, while it is closed
        self._seen: list[int] = []

    def send(self, number: str, text: str, life_s: float) -> Sent:
        """Hand one message to the network; see `Modem.send`."""
        unit, length = submit(number, text, life_s)
        self._exchange.within(_BEGIN_S)
        try:
            self._make_ready()
            self._exchange.prompt(f"AT+CMGS={length}")
        except DeviceFault as error:
            self._is_ready = False
            return NotHanded(error.code)
        except DeviceUnavailable as error:
            self._doubt()
            return NotHanded(_word(error))
        self._exchange.within(_NETWORK_S)
        try:
            reference = reference_in(self._exchange.give(unit, _NETWORK_S))
        except DeviceFault as error:
            return NotHanded(error.code) if error.code in _REFUSALS else PerhapsHanded(error.code)
        except DeviceUnavailable as error:
            self._doubt()
            return PerhapsHanded(_word(error))
        return PerhapsHanded("no-reference") if reference is None else Handed(reference)

    def reports(self) -> list[Report]:
        """Return what the network has said since of messages that it took.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        self._exchange.listen()
        units = [self._exchange.units.popleft() for _ in range(len(self._exchange.units))]
        return [said for unit in units if isinstance(said := _parsed(unit), Report)]

    def received(self) -> list[Received]:
        """Return messages that came in; those of the call before are deleted now: their caller has kept them.

        Raises:
            DeviceUnavailable: the port is gone, or the modem does not answer.
            DeviceFault: it says that it cannot.
        """
        self._exchange.within(_LOOK_S)
        self._make_ready()
        while self._seen:
            # Once alone: by then something new may lie in its place.
            self._exchange.ask(f"AT+CMGD={self._seen.pop()}")
        stored = stored_in(self._exchange.ask("AT+CMGL=4"))[:_MOST_STORED]
        self._seen = [one.place for one in stored]
        self._exchange.units.extend(one.unit for one in stored if isinstance(_parsed(one.unit), Report))
        return [said for one in stored if isinstance(said := _parsed(one.unit), Received)]

    def credit(self) -> str:
        """Return what the operator says of the card's credit; empty where no code is set or it does not answer."""
        if not self._credit_code:
            return ""
        self._exchange.within(_CREDIT_S)
        with contextlib.suppress(DeviceUnavailable, DeviceFault):
            self._make_ready()
            said = self._exchange.ask(f'AT+CUSD=1,"{self._credit_code}",15')
            while said and not said[0].startswith(_CREDIT):
                del said[0]
            lines = said or [self._exchange.wait_for(_CREDIT, _CREDIT_S)]
            while not is_whole(lines) and len(lines) < _MOST_CREDIT_LINES:
                lines.append(self._exchange.wait_for("", _CREDIT_S))
            return credit_in(lines)
        return ""

    def status(self) -> ModemStatus:
        """Ask the modem how it is; silence and a lost port are states, so nothing is raised."""
        self._exchange.within(_LOOK_S)
        try:
            self._make_ready()
            is_registered = is_registered_in(self._exchange.ask("AT+CREG?"))
            operator, signal = operator_in(self._asked("AT+COPS?")), signal_in(self._asked("AT+CSQ"))
        except DeviceFault as error:
            self._is_ready = False
            left = self._tries_left
            return ModemStatus(DeviceState.HARDWARE_ERROR, self._sim, detail=error.code, pin_tries_left=left)
        except DeviceUnavailable as error:
            self._doubt()
            if self._exchange.is_flooded:
                return ModemStatus(DeviceState.HARDWARE_ERROR, self._sim, detail="flood")
            is_silent = isinstance(error, DeviceTimeout)
            return ModemStatus(DeviceState.OFFLINE if is_silent else DeviceState.NO_DEVICE)
        detail = "" if is_registered else "no-network"
        return ModemStatus(DeviceState.ONLINE, self._sim, is_registered, operator, signal, detail)

    def close(self) -> None:
        """Release the port."""
        self._exchange.port.close()

    def _doubt(self) -> None:
        """Set the modem up again before the next command: it may have been reset, or stand at a prompt."""
        self._is_ready = False
        with contextlib.suppress(DeviceUnavailable):
            self._exchange.leave_prompt()

    def _make_ready(self) -> None:
        """Set the modem up unless it is. Raises DeviceFault, DeviceUnavailable."""
        if self._is_ready:
            return
        self._wake()
        for command in ("ATE0", "AT+CMEE=1"):
            self._exchange.ask(command)
        self._open_sim()
        self._exchange.ask("AT+CMGF=0")
        for command in _INDICATIONS:
            with contextlib.suppress(DeviceFault):
                self._exchange.ask(command)
                break
        self._is_ready = True

    def _wake(self) -> None:
        for left in reversed(range(_FIRST_WORDS)):
            try:
                self._exchange.ask("AT", _FIRST_WORD_S)
            except DeviceTimeout:
                if not left:
                    raise
            else:
                return

    def _open_sim(self) -> None:
        """Enter the PIN where the card asks for it. Raises DeviceFault unless the card is ready, DeviceUnavailable."""
        self._sim = self._look_at_sim()
        if self._sim is SimState.PIN and self._pin is not None:
            self._enter(self._pin)
        if self._sim is not SimState.READY:
            why = "sim-pin-refused" if self._is_refused() else f"sim-{self._sim.value}"
            raise DeviceFault(NAME, why, "the SIM is not ready")
        self._tries_left = None
        if self._pin:
            self._pin.was_right()

    def _enter(self, pin: Pin) -> None:
        """Try the PIN, if it may be tried. Raises DeviceFault, DeviceUnavailable."""
        try:
            self._tries_left = tries_left_in(self._asked('AT+CPINR="SIM PIN"'))
            if (digits := pin.take(self._tries_left)) is None:
                return
            try:
                self._exchange.ask(f'AT+CPIN="{digits}"')
            except DeviceFault as error:
                if error.code == _WRONG_PIN:
                    pin.was_refused()
                self._tries_left = tries_left_in(self._asked('AT+CPINR="SIM PIN"'))
        except (ValueError, OSError) as error:
            raise DeviceFault(NAME, "pin-file", str(error)) from error
        self._sim = self._look_at_sim()

    def _is_refused(self) -> bool:
        return self._sim is SimState.PIN and self._pin is not None and self._pin.is_refused

    def _look_at_sim(self) -> SimState:
        """Return how the card is, giving one that has just been opened time to start. Raises DeviceUnavailable."""
        for _ in range(_SIM_LOOKS):
            try:
                return sim_in(self._exchange.ask("AT+CPIN?"))
            except DeviceFault as error:
                if error.code != _SIM_BUSY:
                    return _SIM_FAULTS.get(error.code, SimState.UNKNOWN)
            self._sleep(_SIM_S)
        return SimState.UNKNOWN

    def _asked(self, command: str) -> list[str]:
        """Return the answer to what a modem need not know, nothing where it says that it does not."""
        with contextlib.suppress(DeviceFault):
            return self._exchange.ask(command)
        return []


def _parsed(unit: str) -> Received | Report | None:
    """Return what a unit says; nothing where the network or the line spoilt it."""
    with contextlib.suppress(ValueError):
        return parse(unit)
    return None


def _word(error: DeviceUnavailable) -> str:
    return "no-answer" if isinstance(error, DeviceTimeout) else "gone"


def open_gsm(settings: DeviceSettings) -> GsmModem:
    """Open the modem that the settings name; options are `pin_file` and `credit_code`. It is set up when it is asked.

    Raises:
        DeviceUnavailable: the port cannot be opened.
        ValueError: an option is not known or wrong.
    """
    options = dict(settings.options)
    pin_file, credit_code = options.pop("pin_file", ""), options.pop("credit_code", "")
    if options:
        raise ValueError(f'modem option "{min(options)}" is not known; known are: pin_file, credit_code')
    if pin_file and settings.state_dir is None:
        raise ValueError("pin_file: a PIN needs a folder that keeps how often it was tried")
    pin = Pin(Path(pin_file), settings.state_dir) if pin_file and settings.state_dir else None
    transport = SerialTransport(settings.port, LineSettings(baudrate=settings.baudrate or 115200))
    try:
        return GsmModem(transport, pin, credit_code)
    except BaseException:
        transport.close()
        raise
