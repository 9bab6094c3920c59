"""The errors of the devices.

    DeviceError(device)
      DeviceUnavailable     cannot be opened, unplugged     -> the watcher reopens it
        DeviceTimeout       open, but nothing in time       -> the watcher asks again, then reopens it
      ProtocolError         an answer that makes no sense   -> log the frame's length, resynchronise
      DeviceFault(code)     it says that it cannot: no paper, jammed, cover open

What a citizen can cause (no paper, an unreadable card) is a return value of the driver; only failures raise.
No text here holds anything that was read from a card or a code.
"""


class DeviceError(Exception):
    """Something is wrong with one device; the root of all errors that drivers raise."""

    def __init__(self, device: str, message: str) -> None:
        super().__init__(f"{device}: {message}")
        self.device = device


class DeviceUnavailable(DeviceError):
    """The device cannot be opened or has been unplugged: close it, and open it again later."""


class DeviceTimeout(DeviceUnavailable):
    """The device is open, but did not take or give bytes within the deadline."""


class ProtocolError(DeviceError):
    """The device sent what its protocol does not allow: drop it and resynchronise."""


class DeviceFault(DeviceError):
    """The device says that it cannot; `code` is its own word or number for the reason."""

    def __init__(self, device: str, code: str, message: str) -> None:
        super().__init__(device, message)
        self.code = code


class ProfileError(ValueError):
    """A profile is missing or wrong; the text names the file, what was found and what would be right."""
