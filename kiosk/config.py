"""The settings file kiosk.toml: one frozen object, checked once at start.

A wrong setting is named with its line, what was found and what would be right (contract, "Settings").
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from kiosk.errors import ConfigError

LANGUAGES = ("ar", "en")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SLOT = Literal["below", "left", "right"]

Centre = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description='a centre code such as "homs-main"')]
Text = Annotated[str, Meta(min_length=1, max_length=400)]
Port = Annotated[str, Meta(min_length=1, description='a device path such as "/dev/serial/by-id/usb-..."')]
Baud = Annotated[int, Meta(ge=300, le=921600, description="a baud rate such as 115200")]
Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description='a time of day such as "08:00"')]


class KioskSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this kiosk is and where it keeps its data."""

    centre: Centre
    data_dir: Annotated[str, Meta(min_length=1, description="a folder, relative to this file")] = "var"
    languages: Annotated[list[Literal["ar", "en"]], Meta(min_length=1, description='["ar", "en"]; first = default')] = (
        msgspec.field(default_factory=lambda: ["ar", "en"])
    )
    tiles: Annotated[list[Text], Meta(max_length=6, description="at most six service codes")] = msgspec.field(
        default_factory=list
    )
    opens: Time | None = None
    closes: Time | None = None
    paperless: Annotated[bool, Meta(description="true or false: may tickets go on with no paper")] = True
    help_call: Annotated[bool, Meta(description="true or false: does central pass calls for staff on")] = True
    ticket_page: Annotated[str, Meta(description='a public page such as "https://example/t/{id}"')] | None = None
    order_page: (
        Annotated[str, Meta(description='the app\'s page such as "https://example/{centre}/{service}"')] | None
    ) = None


class CentralSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the central server is. http only to this machine itself; https needs the pinned certificate."""

    url: Annotated[str, Meta(description='an address such as "https://central.example"')]
    ca_file: Annotated[str, Meta(description="a PEM file, relative to this file")] | None = None


class ScreenSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The panel: sizes on it are computed in millimetres from these."""

    diagonal_in: Annotated[float, Meta(ge=5, le=100, description="inches such as 21.5")] = 21.5
    viewing_distance_mm: Annotated[int, Meta(ge=200, le=2000, description="millimetres such as 500")] = 500
    orientation: Annotated[Literal["portrait", "landscape"], Meta(description='"portrait" or "landscape"')] = "portrait"
    width_px: Annotated[int, Meta(ge=320, le=8000, description="the panel's width in pixels such as 1080")] | None = (
        None
    )
    height_px: Annotated[int, Meta(ge=320, le=8000, description="the panel's height in pixels such as 1920")] | None = (
        None
    )
    fullscreen: Annotated[bool, Meta(description="true or false")] = True
    brightness: Annotated[int, Meta(ge=10, le=100, description="per cent from 10 to 100")] = 100
    paper_slot: Annotated[_SLOT, Meta(description='where the paper comes out: "below", "left" or "right"')] = "below"


class PrinterSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The receipt printer."""

    driver: Annotated[str, Meta(description='a driver such as "escpos"')] = "escpos"
    port: Port
    profile: Annotated[str, Meta(min_length=1, description='a profile such as "epson-tm-t20iii"')] = "epson-tm-t20iii"
    baudrate: Baud = 115200
    flow_control: Annotated[
        Literal["none", "rts-cts", "xon-xoff"], Meta(description='"none", "rts-cts" or "xon-xoff"')
    ] = "rts-cts"
    paper_mm: Annotated[Literal[58, 80], Meta(description="58 or 80")] = 80


class ReaderSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code scanner or a card reader."""

    driver: Annotated[str, Meta(min_length=1)]
    port: Port
    baudrate: Baud | None = None
    profile: Text | None = None
    check: Annotated[Literal["none", "xor", "sum", "lrc"], Meta(description='"none", "xor", "sum" or "lrc"')] | None = (
        None
    )


class DevicesSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The devices that this kiosk has; any may be left out."""

    printer: PrinterSection | None = None
    scanner: ReaderSection | None = None
    card_reader: ReaderSection | None = None


class SpeechSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Spoken guidance: recorded clips first, else the machine's voice where it is installed."""

    clips: Annotated[str, Meta(description="a folder of clips, relative to this file")] | None = None
    volume: Annotated[int, Meta(ge=0, le=100, description="0 to 100")] = 70


class UpsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A battery watched by Network UPS Tools on this machine."""

    name: Text = "ups"
    host: Text = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 3493
    stop_orders_at: Annotated[int, Meta(ge=1, le=100, description="per cent of charge")] = 40
    stop_at: Annotated[int, Meta(ge=1, le=100, description="per cent of charge")] = 20


class MetricsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers for Prometheus, on loopback only."""

    port: Annotated[int, Meta(ge=1, le=65535, description="a TCP port such as 9464")]


class KioskConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of one kiosk. Paths are absolute; build it with :func:`load`."""

    kiosk: KioskSection
    central: CentralSection
    screen: ScreenSection = ScreenSection()
    devices: DevicesSection = DevicesSection()
    speech: SpeechSection = SpeechSection()
    ups: UpsSection | None = None
    metrics: MetricsSection | None = None

    @property
    def data_dir(self) -> Path:
        """The folder of store, keys and logs."""
        return Path(self.kiosk.data_dir)

    @property
    def default_language(self) -> str:
        """The language of the first screen."""
        return self.kiosk.languages[0]


def load(path: Path) -> KioskConfig:
    """Read and check the settings file.

    Raises:
        ConfigError: the file can't be read or a setting is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; give the settings with --config kiosk.toml") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: can't be read as UTF-8 text: {error}") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        config = msgspec.convert(raw, KioskConfig)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(path, text, raw, str(error))) from error
    _check(path, text, config)
    return _with_absolute_paths(config, path.parent)


def _check(path: Path, text: str, config: KioskConfig) -> None:
    """Refuse what the types alone can't: a server reached without a pinned certificate, a pattern without its place."""
    url = urlsplit(config.central.url)
    where = f"{path}, line {_line_of(text, ['central', 'url'])}: central.url"
    if url.scheme not in ("http", "https") or not url.hostname:
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
        line = _line_of(text, ["central", "ca_file"])
        raise ConfigError(
            f'{path}, line {line}: central.ca_file "{config.central.ca_file}" is no file; right would be a PEM file'
        )
    for name, page, places in (
        ("ticket_page", config.kiosk.ticket_page, ["{id}"]),
        ("order_page", config.kiosk.order_page, ["{centre}", "{service}"]),
    ):
        if page is not None and (not page.startswith("https://") or any(place not in page for place in places)):
            line = _line_of(text, ["kiosk", name])
            right = f"an https address with {' and '.join(places)} in it"
            raise ConfigError(f'{path}, line {line}: kiosk.{name} is "{page}"; right would be {right}')


def _with_absolute_paths(config: KioskConfig, folder: Path) -> KioskConfig:
    def absolute(name: str | None) -> str | None:
        return None if name is None else str((folder / name).resolve())

    replace = msgspec.structs.replace
    return replace(
        config,
        kiosk=replace(config.kiosk, data_dir=absolute(config.kiosk.data_dir)),
        central=replace(config.central, ca_file=absolute(config.central.ca_file)),
        speech=replace(config.speech, clips=absolute(config.speech.clips)),
    )


def _explain(path: Path, text: str, raw: dict[str, Any], problem: str) -> str:
    """Turn msgspec's words into one sentence with the line, the value found and the value that would be right."""
    match = re.search(r" - at `\$\.?(.*?)`$", problem)
    keys = [key for key in re.split(r"[.\[]", match.group(1) if match else "") if key]
    missing = re.search(r"missing required field `(\w+)`", problem)
    unknown = re.search(r"unknown field `(\w+)`", problem)
    if missing:
        name = ".".join([*keys, missing.group(1)])
        right = _right([*keys, missing.group(1)])
        return f"{path}, line {_line_of(text, keys)}: {name} is missing; right would be {right}"
    if unknown:
        keys.append(unknown.group(1))
        known = ", ".join(_fields(keys[:-1]))
        return f"{path}, line {_line_of(text, keys)}: {'.'.join(keys)} is not a setting; known there are: {known}"
    named = [key for key in keys if not key.endswith("]")]
    found = _value(raw, named)
    return f"{path}, line {_line_of(text, named)}: {'.'.join(named)} is {found!r}; right would be {_right(named)}"


def _value(raw: Any, keys: list[str]) -> Any:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def _line_of(text: str, keys: list[str]) -> int:
    """Return the line (from 1) of a setting, or of the nearest table above it."""
    table, best, depth = [], 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        assignment = re.match(r"\s*([\w.\"-]+)\s*=", line)
        if header:
            table = [part.strip().strip('"') for part in header.group(1).split(".")]
            path = table
        elif assignment:
            path = [*table, *assignment.group(1).replace('"', "").split(".")]
        else:
            continue
        if path == keys[: len(path)] and len(path) > depth:
            best, depth = number, len(path)
    return best


def _struct_at(keys: list[str]) -> type[msgspec.Struct] | None:
    struct: Any = KioskConfig
    for key in keys:
        hints = get_type_hints(struct)
        candidates = [hints.get(key), *get_args(hints.get(key))]
        struct = next((t for t in candidates if isinstance(t, type) and issubclass(t, msgspec.Struct)), None)
        if struct is None:
            return None
    return struct  # type: ignore[no-any-return]


def _fields(keys: list[str]) -> list[str]:
    struct = _struct_at(keys)
    return [] if struct is None else [field.name for field in msgspec.structs.fields(struct)]


def _right(keys: list[str]) -> str:
    """Say what would be right for a setting: its description, else its type."""
    struct = _struct_at(keys[:-1])
    hint = get_type_hints(struct, include_extras=True).get(keys[-1]) if struct else None
    for part in [hint, *get_args(hint)]:
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, Meta) and meta.description:
                return meta.description
    if hint is not None and (table := _struct_at(keys)) is not None:
        return f"a table with {', '.join(_fields(keys))}" if table else ""
    return "text" if hint else "nothing there"
