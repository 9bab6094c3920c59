"""Whether a headset is plugged in: what Linux says of a sound card's jack, as a switch of an input device.

The kernel makes one for each jack it can feel (`/proc/bus/input/devices`, "Headphone"); EVIOCGSW reads its switches
(linux/input.h). A machine whose jack can't be felt has none, and its voice begins by a key or by two fingers.
"""

import fcntl
import os
from typing import Final

from devices.errors import DeviceUnavailable

_SW_HEADPHONE_INSERT: Final = 2
_SWITCHES: Final = 8  # bytes: more than there are switches
_EVIOCGSW: Final = 0x80000000 | (_SWITCHES << 16) | (ord("E") << 8) | 0x1B


class HeadsetJack:
    """Reads the jack of one input device until `close`; a `devices.switches.key_switch.KeySwitch`.

    Raises:
        DeviceUnavailable: the device does not exist, may not be read, or has no switches.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceUnavailable(path, f"cannot be opened ({error.strerror})") from error

    def is_turned(self) -> bool:
        """Return whether a plug is in. Raises DeviceUnavailable."""
        switches = bytearray(_SWITCHES)
        try:
            fcntl.ioctl(self._file, _EVIOCGSW, switches)
        except OSError as error:
            raise DeviceUnavailable(self._path, f"has no jack to be felt ({error.strerror})") from error
        return bool(switches[_SW_HEADPHONE_INSERT // 8] >> _SW_HEADPHONE_INSERT % 8 & 1)

    def close(self) -> None:
        """Close the device."""
        os.close(self._file)
