"""Driver name in `[modem]` -> how to open it. Other packages bring theirs by the entry points `homs_kiosk.modems`."""

from collections.abc import Callable

from devices.installed import installed
from devices.modem.driver import open_gsm
from devices.modem.messages import Modem
from devices.settings import DeviceSettings

MODEMS: dict[str, Callable[[DeviceSettings], Modem]] = {"gsm": open_gsm}


def open_modem(settings: DeviceSettings) -> Modem:
    """Open the modem that the settings name, with our own driver or one that another package brings.

    Raises:
        KeyError: there is no such driver.
        DeviceUnavailable: the port cannot be opened.
        ValueError: an option is not known or wrong.
    """
    own = MODEMS.get(settings.driver)
    modem: Modem = (own or installed("modem")[settings.driver].load())(settings)
    return modem
