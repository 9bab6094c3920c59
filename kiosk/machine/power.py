"""The battery, watched through Network UPS Tools, and what the kiosk still does on it.

Orders stop before tickets, and tickets before the charge that a safe stop needs. Without a UPS, or with one that
doesn't answer, nothing changes: `NONE` and `UNKNOWN` restrict nothing. The variables are NUT's (Network UPS Tools
Developer Guide, "Variables": ups.status, battery.charge, battery.runtime).
"""

import asyncio
import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aionut
import structlog

from kiosk.settings.sections import UpsSection

_log = structlog.get_logger()
_POLL_S = 10.0
_LOST_AFTER = 3  # readings that fail in a row before the battery counts as unknown


class PowerState(enum.StrEnum):
    """Where the power comes from."""

    NONE = "none"  #: no UPS is set up
    UNKNOWN = "unknown"  #: the UPS or its server doesn't answer
    MAINS = "mains"
    BATTERY = "battery"
    LOW = "low"  #: on battery, and the UPS itself says that it ends


@dataclass(frozen=True)
class PowerReading:
    """One answer of the UPS."""

    state: PowerState
    charge_percent: int | None = None
    runtime_s: int | None = None


class ServiceLevel(enum.IntEnum):
    """What is still offered; each step includes the ones before."""

    FULL = 0
    NO_ORDERS = 1  #: on battery below `stop_orders_at`
    STOPPING = 2  #: at `stop_at`, or the UPS says that it ends: stop the machine in order


def reading_of(variables: dict[str, str]) -> PowerReading:
    """Understand the variables of `LIST VAR`. What makes no sense is left out, never guessed."""
    flags = set(variables.get("ups.status", "").split())
    charge = _number(variables.get("battery.charge"), 100)
    runtime = _number(variables.get("battery.runtime"), 7 * 24 * 3600)
    if "FSD" in flags or ("OB" in flags and "LB" in flags):
        state = PowerState.LOW
    elif "OB" in flags:
        state = PowerState.BATTERY
    elif "OL" in flags:
        state = PowerState.MAINS
    else:
        state = PowerState.UNKNOWN
    return PowerReading(state, charge, runtime)


def service_on(reading: PowerReading, settings: UpsSection) -> ServiceLevel:
    """Decide what is still offered. Where no charge is told, orders close and tickets go on until the UPS says `LB`."""
    if reading.state is PowerState.LOW:
        return ServiceLevel.STOPPING
    if reading.state is not PowerState.BATTERY:
        return ServiceLevel.FULL
    if reading.charge_percent is None:
        return ServiceLevel.NO_ORDERS
    if reading.charge_percent <= settings.stop_at:
        return ServiceLevel.STOPPING
    return ServiceLevel.NO_ORDERS if reading.charge_percent <= settings.stop_orders_at else ServiceLevel.FULL


class UpsWatch:
    """Asks the UPS every ten seconds and tells each change."""

    def __init__(self, settings: UpsSection, *, timeout_s: float = 3.0) -> None:
        self._settings = settings
        self._client = aionut.AIONUTClient(settings.host, settings.port, timeout=timeout_s)
        self._failures = 0
        self.reading = PowerReading(PowerState.UNKNOWN)

    @property
    def service(self) -> ServiceLevel:
        """What is still offered by the newest reading."""
        return service_on(self.reading, self._settings)

    async def read(self) -> PowerReading:
        """Ask once. One lost answer keeps the last reading; three in a row make it unknown."""
        try:
            # A whole answer within this, however slowly the server dribbles.
            async with asyncio.timeout(4 * self._client.timeout):
                reading = reading_of(await self._client.list_vars(self._settings.name))
        except (aionut.NUTError, OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._client.disconnect()
            self._failures += 1
            if self._failures == _LOST_AFTER:
                _log.warning("ups-lost", device="ups", reason=str(error) or type(error).__name__)
                self.reading = PowerReading(PowerState.UNKNOWN)
            return self.reading
        if self._failures >= _LOST_AFTER:
            _log.info("ups-back", device="ups")
        self._failures = 0
        self.reading = reading
        return reading

    async def run(
        self,
        changed: Callable[[PowerReading, ServiceLevel], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Watch until cancelled; `changed` hears of each new reading and what it still allows."""
        last: PowerReading | None = None
        try:
            while True:
                reading = await self.read()
                if reading != last:
                    last = reading
                    _log.info("power-read", device="ups", state=reading.state, charge_percent=reading.charge_percent)
                    await changed(reading, self.service)
                await sleep(_POLL_S)
        finally:
            self._client.shutdown()


def ask_to_stop(runtime_dir: Path) -> None:
    """Have the machine stopped in order by `kiosk-poweroff.path`, the one part that has the right to.

    With a UPS it cuts its outlets afterwards and gives power again when the mains return, so that the kiosk starts by
    itself.

    Raises:
        OSError: the folder of the service (`RUNTIME_DIRECTORY`) can't be written.
    """
    (runtime_dir / "poweroff").touch()


def ask_to_restart(runtime_dir: Path) -> None:
    """Have the machine restarted by `kiosk-restart.path`.

    Raises:
        OSError: the folder of the service (`RUNTIME_DIRECTORY`) can't be written.
    """
    (runtime_dir / "reboot").touch()


def _number(text: str | None, most: int) -> int | None:
    """Return a whole number in 0..most, or None for anything else (drivers report `-1`, `nan` and worse)."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return int(value) if 0 <= value <= most else None
