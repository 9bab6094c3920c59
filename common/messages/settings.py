"""The settings of channels: sections of hub.toml, and the file that central is given."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from common.machine.errors import ConfigError
from common.machine.settings_advice import explain

_FILE: Final = r"^[^\x00]+\Z"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SecretFile = Annotated[str, Meta(pattern=_FILE, description="a file of mode 0600, relative to this one")]
UssdCode = Annotated[str, Meta(pattern=r"^[0-9*#]{2,20}\Z", description='a USSD code such as "*100#"')]
Price = Annotated[int, Meta(ge=0, le=10**9, description="what one text costs, in the smallest unit of the money")]


class ModemSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A GSM modem at a serial port."""

    driver: Annotated[str, Meta(min_length=1, max_length=64, description='a driver such as "gsm"')] = "gsm"
    port: Annotated[str, Meta(pattern=_FILE, description='a serial port such as "/dev/ttyUSB0"')]
    baudrate: Annotated[int, Meta(ge=300, le=4_000_000, description="bits a second, 115200")] = 115_200
    pin_file: SecretFile | None = None
    credit_code: UssdCode | None = None
    price: Price | None = None
    state_dir: Annotated[str, Meta(description="a folder, where the program's own data folder is not meant")] = ""
    """Where it is kept how often the PIN was tried, and what the modem last said."""


class HttpSection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An operator's gateway. http only to this machine itself."""

    url: Annotated[str, Meta(description='an address such as "https://sms.example/send"')]
    token_file: SecretFile
    price: Price | None = None

    def __post_init__(self) -> None:
        """Refuse an address that would carry the token in the clear. Raises ValueError."""
        try:
            parts = urlsplit(self.url)
            is_usable = bool(parts.hostname) and parts.username is None and parts.port != 0
        except ValueError:
            is_usable = False
        if not is_usable or not self.url.isascii() or not self.url.isprintable() or " " in self.url:
            raise ValueError('http.url is no address; right would be one such as "https://sms.example/send"')
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("http.url says no https; right would be https, for it is another machine")


Others = Annotated[
    dict[str, dict[str, str | int | float | bool]],
    Meta(max_length=10, description="tables of channels that other packages bring"),
]


class MessagesSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All channels of a machine, none unless it is named. Build it with `load`; paths are then absolute."""

    modem: ModemSection | None = None
    http: HttpSection | None = None
    channels: Others = {}

    def section(self, name: str) -> Any:
        """Return the settings of a channel, None where it is not set up."""
        return getattr(self, name) if name in ("modem", "http") else self.channels.get(name)

    def price(self, name: str) -> int | None:
        """Return what a text costs by a channel, in the smallest unit; None where nobody has said."""
        return getattr(self.section(name), "price", None)

    def kept_in(self, folder: Path) -> "MessagesSettings":
        """Return them with a folder for what a modem's driver keeps, unless the file names one."""
        if self.modem is None or self.modem.state_dir:
            return self
        return msgspec.structs.replace(self, modem=msgspec.structs.replace(self.modem, state_dir=str(folder)))

    @property
    def names(self) -> list[str]:
        """The channels that are set up."""
        return [name for name in ("modem", "http") if self.section(name) is not None] + sorted(self.channels)

    def within(self, folder: Path) -> "MessagesSettings":
        """Return them with paths from a folder."""
        modem, http = self.modem, self.http
        if modem is not None and modem.pin_file is not None:
            modem = msgspec.structs.replace(modem, pin_file=str(folder / modem.pin_file))
        if http is not None:
            http = msgspec.structs.replace(http, token_file=str(folder / http.token_file))
        return msgspec.structs.replace(self, modem=modem, http=http)


NO_CHANNELS: Final = MessagesSettings()


def load(path: Path) -> MessagesSettings:
    """Read and check a file of channels. Raises ConfigError naming the line, what was found and what would be right."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
        return msgspec.convert(raw, MessagesSettings).within(path.resolve().parent)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(explain(MessagesSettings, path, text, raw, str(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
