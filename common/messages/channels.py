"""How the channels that the settings name are found and opened.

Shipped are `http` and `modem`. Others come by an entry point of the group `homs_kiosk.channels`:

    [project.entry-points."homs_kiosk.channels"]
    telegram = "telegram_kiosk:open_telegram"

which names a function that takes the channel's settings, the table of its name below `[channels]`, as a mapping, and
returns a `port.Channel`, or raises ChannelUnavailable. On a hub or central in service
its package is unpacked into one of `FOLDERS`, which no update touches.
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from common.machine.errors import ConfigError
from common.messages.gateway import Gateway
from common.messages.port import Channel, ChannelBusy, ChannelUnavailable
from common.messages.settings import MessagesSettings

OPEN_AGAIN_S: Final = 10.0
GROUP: Final = "homs_kiosk.channels"
FOLDERS: Final = (Path("/etc/hub/channels"), Path("/etc/central/channels"))
_log = structlog.get_logger(__name__)


def _modem(section: Any) -> Channel:
    """Open the modem; its libraries are loaded only where there is one. Raises ChannelUnavailable."""
    from common.messages.modem import open_channel

    return open_channel(section)


SHIPPED: Final[Mapping[str, Callable[[Any], Channel]]] = {"http": Gateway, "modem": _modem}


def opener(name: str) -> Callable[[Any], Channel]:
    """Return what opens a channel. Raises ConfigError where nothing that is installed does."""
    if name in SHIPPED:
        return SHIPPED[name]
    from importlib.metadata import entry_points  # not at every start: only for a channel of another package

    sys.path += [str(one) for one in FOLDERS if one.is_dir() and str(one) not in sys.path]
    for point in entry_points(group=GROUP, name=name):
        try:
            found: Callable[[Any], Channel] = point.load()
        except Exception as error:  # whatever another package's own code raises
            raise ConfigError(f"[{name}]: its package does not load: {type(error).__name__}") from error
        return found
    raise ConfigError(f"[{name}]: no channel of this name is installed; known is {', '.join(SHIPPED)}")


class Channels:
    """The channels of one process, held open; one that is lost, or held by another process, is tried now and then."""

    def __init__(
        self, settings: MessagesSettings, first: str = "", monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Find what opens them; `first` is asked before the others. One that is not installed is named and left out."""
        self._settings = settings
        self._monotonic = monotonic
        self._openers: dict[str, Callable[[Any], Channel]] = {}
        for name in sorted(settings.names, key=lambda one: one != first):
            try:
                self._openers[name] = opener(name)
            except ConfigError as error:  # the doctor says so too; nothing else waits for it
                _log.error("channel-not-installed", channel=name, why=str(error))
        self._open: dict[str, Channel] = {}
        self._not_before: dict[str, float] = {}

    @property
    def names(self) -> list[str]:
        """The channels that are set up, in the order in which they are asked."""
        return list(self._openers)

    def price(self, name: str) -> int | None:
        """Return what a text costs by a channel, in the smallest unit of the money; None where nobody has said."""
        return self._settings.price(name)

    def ready(self) -> list[str]:
        """Return the channels that are open now, in the order in which they are to be asked."""
        for name, open_it in self._openers.items():
            if name in self._open or self._rests(name):
                continue
            try:
                self._open[name] = open_it(self._settings.section(name))
            except ChannelUnavailable:
                self._rest(name)
            except Exception as error:  # noqa: BLE001 - another package's own: the other channels go on
                _log.warning("channel-not-opened", channel=name, error=type(error).__name__)
                self._rest(name)
        return [name for name in self._openers if name in self._open and not self._rests(name)]

    def use[T](self, name: str, work: Callable[[Channel], T]) -> T:
        """Do something with an open channel. One that is not available is opened again later; one that refused rests.

        Raises ChannelUnavailable.
        """
        if name not in self._open or self._rests(name):
            raise ChannelUnavailable(name)
        try:
            return work(self._open[name])
        except ChannelBusy:
            self._rest(name)
            raise
        except ChannelUnavailable:
            self._close(name)
            self._rest(name)
            raise

    def close(self) -> None:
        """Let go of all of them."""
        for name in list(self._open):
            self._close(name)

    def _rests(self, name: str) -> bool:
        return self._not_before.get(name, 0.0) > self._monotonic()

    def _rest(self, name: str) -> None:
        self._not_before[name] = self._monotonic() + OPEN_AGAIN_S

    def _close(self, name: str) -> None:
        if (channel := self._open.pop(name, None)) is not None:
            channel.close()
