"""One command and its answer on a modem's line (ITU-T V.250, 5.7); units that come unasked in between are kept."""

import math
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from devices.errors import DeviceFault, DeviceTimeout
from devices.flood import FloodWatch
from devices.modem.lines import PROMPT, LineAssembler
from devices.port import Port
from devices.protocols import Transport

NAME: Final = "modem"
ANSWER_S: Final = 5.0
END_OF_TEXT, _ESCAPE = "\x1a", b"\x1b"  # 3GPP TS 27.005, 3.5.1
_READ_SIZE: Final = 1024
_MOST_KEPT: Final = 64
_REST_S: Final = 0.1
_FAULT: Final = re.compile(r"\+(CM[ES]) ERROR: ?([\w ]{1,40})")
_REPORT: Final = re.compile(r"\+CDS: ?\d+")
_OPEN_AFTER_S: Final = 0.5  # what an interrupted command still says


class Exchange:
    """Sends commands, each with its deadline. `units` are the reports that came unasked, in hexadecimal.

    One thread at a time may use it.
    """

    def __init__(
        self,
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.port = Port(transport)
        self.units: deque[str] = deque(maxlen=_MOST_KEPT)
        self._clock = clock
        self._sleep = sleep
        self._assembler = LineAssembler()
        self._lines: deque[str] = deque()
        self._is_unit_next = False
        self._flood = FloodWatch()
        self._ends_at = math.inf

    @property
    def is_flooded(self) -> bool:
        """Return whether the line babbles, or did a moment ago."""
        return self._flood.is_flooded(self._clock())

    def within(self, seconds: float) -> None:
        """Let all that is asked from now on end together after this time, however long each of it may take."""
        self._ends_at = self._clock() + seconds

    def ask(self, command: str, timeout_s: float = ANSWER_S) -> list[str]:
        """Send a command and return the lines of its answer, without the final OK.

        Raises:
            DeviceFault: the modem says that it cannot; `code` is `error`, or its own word after `cme-` or `cms-`.
            DeviceTimeout: it did not answer.
            DeviceUnavailable: the port is gone.
        """
        self.listen()
        self.port.write(command.encode("ascii") + b"\r")
        return self._answer(command, timeout_s)

    def prompt(self, command: str, timeout_s: float = ANSWER_S) -> None:
        """Send a command and wait for the prompt to its text; raises as `ask`."""
        self.listen()
        self.port.write(command.encode("ascii") + b"\r")
        deadline = self._deadline(timeout_s)
        while (line := self._next(deadline)) != PROMPT:
            self._raise_fault(line)

    def give(self, text: str, timeout_s: float) -> list[str]:
        """Answer the prompt with a text, and return the lines of the modem's answer; raises as `ask`."""
        self.port.write((text + END_OF_TEXT).encode("ascii"))
        return self._answer(text, timeout_s)

    def leave_prompt(self) -> None:
        """Leave a prompt that may stand or come yet, and let what is still said go by. Raises DeviceUnavailable."""
        self.port.write(_ESCAPE)
        self._take(self.port.read(_READ_SIZE, _OPEN_AFTER_S))
        self._lines.clear()
        self._assembler.reset()

    def wait_for(self, start: str, timeout_s: float) -> str:
        """Return the next line that begins so, also one that came unasked. Raises DeviceTimeout, DeviceUnavailable."""
        deadline = self._deadline(timeout_s)
        while not (line := self._next(deadline)).startswith(start):
            pass
        return line

    def listen(self) -> None:
        """Take what came unasked, keep its reports and drop the rest. Raises DeviceUnavailable."""
        for _ in range(4):  # bounded: a line that babbles is never read empty
            data = self.port.read(_READ_SIZE, 0.0)
            self._take(data)
            if not data:
                break
        while self._lines:
            self._keep_report(self._lines.popleft())

    def _answer(self, sent: str, timeout_s: float) -> list[str]:
        deadline = self._deadline(timeout_s)
        lines = []
        while (line := self._next(deadline)) != "OK":
            self._raise_fault(line)
            if not line.removesuffix(END_OF_TEXT).endswith(sent):  # its echo, where that cannot be switched off
                lines.append(line)
        return lines

    def _deadline(self, timeout_s: float) -> float:
        return min(self._clock() + timeout_s, self._ends_at)

    def _raise_fault(self, line: str) -> None:
        if found := _FAULT.fullmatch(line):
            raise DeviceFault(NAME, f"{found[1].lower()}-{found[2].strip()}", line)
        if line in ("ERROR", "COMMAND NOT SUPPORT"):
            raise DeviceFault(NAME, "error", line)

    def _next(self, deadline: float) -> str:
        """Return the next line that is no report. Raises DeviceTimeout when none came, DeviceUnavailable."""
        while True:
            while self._lines:
                if not self._keep_report(line := self._lines.popleft()):
                    return line
            left = deadline - self._clock()
            if left <= 0:
                raise DeviceTimeout(NAME, "does not answer")
            self._take(self.port.read(_READ_SIZE, left))

    def _keep_report(self, line: str) -> bool:
        """Keep a line if it belongs to a report that came unasked; return whether it did."""
        if self._is_unit_next:
            self._is_unit_next = False
            self.units.append(line)
            return True
        self._is_unit_next = _REPORT.fullmatch(line) is not None
        return self._is_unit_next

    def _take(self, data: bytes) -> None:
        if not data:
            self._flood.quiet()
            return
        if self._flood.heard(len(data), self._clock()):
            self._assembler.reset()
            self._sleep(_REST_S)  # what then overflows in the port is noise
        else:
            self._lines.extend(self._assembler.feed(data))
