"""The settings file kiosk.toml: read, checked once at start, and refused with line and reason.

A wrong setting is named with its line, what was found and what would be right.
"""

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec

from common.machine.errors import ConfigError
from common.machine.settings_advice import explain, line_of
from common.protocol.setting_values import PROFILE_FILE
from devices.errors import ProfileError
from kiosk.settings.own_brand import use_brand
from kiosk.settings.sections import DRAFTS, LANGUAGES, DevicesSection, KioskConfig

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def read(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the settings file's text and what it holds as TOML, both unchecked.

    Raises:
        ConfigError: the file can't be read or is no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin with a byte order mark
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; give the settings with --config kiosk.toml") from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: found bytes that are no UTF-8; right would be UTF-8 text") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: not valid settings: nested too deeply") from error


def load(path: Path) -> KioskConfig:
    """Read and check the settings file. The brand that it names is in force in this process from here on.

    Raises:
        ConfigError: the file can't be read, a setting is wrong, or the brand can't be used.
    """
    text, raw = read(path)
    use_brand(path, text, raw, (*LANGUAGES, *DRAFTS))
    try:
        config = msgspec.convert(raw, KioskConfig)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(KioskConfig, path, text, raw, str(error))) from error
    _check(path, text, config)
    return _with_absolute_paths(config, path.parent)


def _check(path: Path, text: str, config: KioskConfig) -> None:
    """Refuse what the types alone can't: a server without a pinned certificate, an unknown profile."""
    url = _parts_of(config.central.url)
    where = f"{path}, line {line_of(text, ['central', 'url'])}: central.url"
    if url is None or url.scheme not in ("http", "https") or not url.hostname:
        raise ConfigError(
            f'{where} is "{config.central.url}"; right would be an address such as "https://central.example"'
        )
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ConfigError(f"{where} is http to another machine; right would be https with central.ca_file")
    if url.scheme == "https" and config.central.ca_file is None:
        raise ConfigError(
            f"{where} is https, but central.ca_file is missing; right would be the central server's CA as PEM"
        )
    if config.central.ca_file and not (path.parent / config.central.ca_file).is_file():
        line = line_of(text, ["central", "ca_file"])
        raise ConfigError(
            f'{path}, line {line}: central.ca_file "{config.central.ca_file}" is no file; right would be a PEM file'
        )
    _check_profiles(path, text, config.devices)
    key = config.service_key
    if key is not None and key.port in {device.port for device in config.devices.fitted().values()}:
        line = line_of(text, ["service_key", "port"])
        raise ConfigError(
            f'{path}, line {line}: service_key.port is "{key.port}", a device\'s; right would be a port of its own'
        )


def _check_profiles(path: Path, text: str, devices: DevicesSection) -> None:
    """Refuse a profile of the installer's own that is not there, or is none."""
    for name in ("printer", "scanner"):
        section = getattr(devices, name)
        if section is None or not (section.profile or "").endswith(PROFILE_FILE):
            continue
        # Not for the many kiosks without such a file.
        from devices.code_scanner import profiles
        from devices.receipt_printer import profile

        try:
            (profile.load if name == "printer" else profiles.load)(str((path.parent / section.profile).resolve()))
        except ProfileError as error:
            line = line_of(text, ["devices", name, "profile"])
            raise ConfigError(f"{path}, line {line}: devices.{name}.profile: {error}") from error


def _parts_of(url: str) -> SplitResult | None:
    """Take an address apart; None where it is none, as with a port above 65535 or a blank."""
    try:
        parts = urlsplit(url)  # which passes over blanks at its ends
        return parts if parts.port != 0 and not re.search(r"\s", url) else None
    except ValueError:
        return None


def _with_absolute_paths(config: KioskConfig, folder: Path) -> KioskConfig:
    def absolute(name: str | None) -> str | None:
        return None if name is None else str((folder / name).resolve())

    replace = msgspec.structs.replace
    printer, scanner = config.devices.printer, config.devices.scanner
    if printer is not None and printer.profile.endswith(PROFILE_FILE):
        printer = replace(printer, profile=absolute(printer.profile))
    if scanner is not None and (scanner.profile or "").endswith(PROFILE_FILE):
        scanner = replace(scanner, profile=absolute(scanner.profile))
    return replace(
        config,
        devices=replace(config.devices, printer=printer, scanner=scanner),
        kiosk=replace(config.kiosk, data_dir=absolute(config.kiosk.data_dir), brand=absolute(config.kiosk.brand)),
        central=replace(config.central, ca_file=absolute(config.central.ca_file)),
        speech=replace(config.speech, clips=absolute(config.speech.clips)),
    )
