"""The settings file hub.toml: one frozen object, checked once at start; a wrong setting is named with its line."""

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from common.city.brand.brand import BrandError, load_brand, use
from common.machine.errors import ConfigError
from common.machine.settings_advice import explain, line_of
from common.messages.settings import HttpSection, MessagesSettings, ModemSection, Others

_PATH = r"^[^\x00]+\Z"
Folder = Annotated[str, Meta(pattern=_PATH, description="a folder, relative to this file")]


class HubSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which centre this hub serves, where it listens, and what kiosks and pages call it."""

    centre: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description='a centre code such as "homs-main"')]
    data_dir: Folder = "var"
    brand: Annotated[str, Meta(pattern=_PATH, description="a municipality's file, relative to this file")] | None = None
    listen: Annotated[str, Meta(description='an address and port such as "127.0.0.1:8090"')] = "127.0.0.1:8090"
    address: Annotated[str, Meta(description='what kiosks and pages use, such as "https://10.0.0.5:8090"')] = (
        "http://127.0.0.1:8090"
    )


class CentralSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the central server is. http only to this machine itself; https needs the pinned certificate."""

    url: Annotated[str, Meta(description='an address such as "https://central.example"')]
    ca_file: Annotated[str, Meta(pattern=_PATH, description="a PEM file, relative to this file")] | None = None


class VoiceSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What announcements are made of."""

    clips: Annotated[str, Meta(pattern=_PATH, description="a folder, relative to data_dir")] = "clips"
    counter_word: Annotated[str, Meta(min_length=1, max_length=40, description='a word such as "الكوة"')] | None = None
    english: Annotated[bool, Meta(description="true or false: each call once more in English")] = False


class HubConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of a hub. Paths are absolute; build it with `load`."""

    hub: HubSection
    central: CentralSection
    voice: VoiceSection = VoiceSection()
    modem: ModemSection | None = None
    http: HttpSection | None = None
    channels: Others = {}

    @property
    def messages(self) -> MessagesSettings:
        """The channels by which staff is written to."""
        return MessagesSettings(modem=self.modem, http=self.http, channels=self.channels)

    @property
    def data_dir(self) -> Path:
        """The folder of store, keys and certificate."""
        return Path(self.hub.data_dir)

    @property
    def address(self) -> str:
        """What kiosks and pages use, without a slash at its end."""
        return self.hub.address.rstrip("/")

    @property
    def is_secure(self) -> bool:
        """Whether it is served over TLS."""
        return self.address.startswith("https://")

    @property
    def ca_file(self) -> Path | None:
        """Central's pinned CA."""
        return None if self.central.ca_file is None else Path(self.central.ca_file)

    @property
    def listen(self) -> tuple[str, int]:
        """Where the hub listens: host and port; port 0 takes any."""
        return _host_and_port(self.hub.listen)


def load(path: Path, data_dir: Path | None = None) -> HubConfig:
    """Read and check the settings file; the brand that it names is in force in this process from here on.

    `data_dir` is a copy of the data folder to take instead of the one that the file names.

    Raises ConfigError naming the line, what was found and what would be right.
    """
    text, raw = _read(path)
    try:
        config = msgspec.convert(raw, HubConfig)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(HubConfig, path, text, raw, str(error))) from error
    _check(path, text, config)
    folder = path.resolve().parent
    if config.hub.brand is not None:
        try:
            use(load_brand(folder / config.hub.brand))
        except BrandError as error:
            raise ConfigError(f"{path}, line {line_of(text, ['hub', 'brand'])}: hub.brand: {error}") from error
    section = msgspec.structs.replace(config.hub, data_dir=str(data_dir or folder / config.hub.data_dir))
    ca_file = None if config.central.ca_file is None else str(folder / config.central.ca_file)
    central = msgspec.structs.replace(config.central, ca_file=ca_file)
    channels = config.messages.within(folder)
    return msgspec.structs.replace(config, hub=section, central=central, modem=channels.modem, http=channels.http)


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        what = "there is no such file; make it from hub.example.toml, or give the settings with --config"
        raise ConfigError(f"{path}: {what}") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: found bytes that are no UTF-8; right would be UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error


def _check(path: Path, text: str, config: HubConfig) -> None:
    """Refuse what the types alone can't."""

    def wrong(keys: list[str], found: str, right: str) -> ConfigError:
        name = ".".join(keys)
        return ConfigError(f'{path}, line {line_of(text, keys)}: {name} is "{found}"; right would be {right}')

    try:
        _host_and_port(config.hub.listen)
    except ValueError:
        raise wrong(["hub", "listen"], config.hub.listen, 'an address and port such as "127.0.0.1:8090"') from None
    for keys, url, example in (
        (["hub", "address"], config.hub.address, "https://10.0.0.5:8090"),
        (["central", "url"], config.central.url, "https://central.example"),
    ):
        scheme, host = _scheme_and_host(url)
        if scheme not in ("http", "https") or not host:
            raise wrong(keys, url, f'an address such as "{example}"')
        if scheme == "http" and not _is_loopback(host):
            raise wrong(keys, url, f'https, for it is another machine: such as "{example}"')
    if config.central.url.startswith("https:") and config.central.ca_file is None:
        raise wrong(["central", "url"], config.central.url, "with central.ca_file: the central server's CA as PEM")
    if config.central.ca_file and not (path.parent / config.central.ca_file).is_file():
        raise wrong(["central", "ca_file"], config.central.ca_file, "a PEM file, which is missing there")


def _scheme_and_host(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "", ""
    is_plain = url.isascii() and url.isprintable() and not parts.query and not parts.fragment and " " not in url
    return (parts.scheme, parts.hostname or "") if is_plain else ("", "")


def _host_and_port(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(listen)
    return host.strip("[]"), int(port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
