"""Everything that can be set, a section of kiosk.toml each, with what would be right for each setting."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from common.city.brand.brand import brand
from common.protocol import setting_values as values
from devices.installed import installed

LANGUAGES: tuple[str, ...] = get_args(values.Complete)
DRAFTS: tuple[str, ...] = get_args(values.Draft)
"""Begun by who does not speak it, for a native to finish: a kiosk speaks it only where its settings say so."""
# What `devices.registry` and its drivers know, told here so that a command needs none of them to refuse a wrong word; a
# test holds both equal. A profile of a printer or scanner may also be a file of the installer's.
KNOWN: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "printer": (
        ("escpos",),
        values.PRINTER_PROFILES,
    ),
    "scanner": (("line-scanner",), ("line", "honeywell", "gm65", "datalogic")),
    "card_reader": (("magstripe", "rdm6300", "pn532", "crt591"), ()),
}
CHECKS: Mapping[str, Sequence[str]] = {"magstripe": ("none", "lrc"), "rdm6300": ("xor", "sum")}
_PATH = r"^[^\x00]+\Z"  # what the system takes as a name
LEAST_UPRIGHT_IN = 7  # on a smaller one the start screen finds no place for its buttons at all (measured)

Centre = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description='a centre code such as "homs-main"')]
Port = Annotated[str, Meta(pattern=_PATH, description='a device path such as "/dev/serial/by-id/usb-..."')]
Baud = Annotated[int, Meta(ge=300, le=921600, description="a baud rate such as 115200")]


def _first_languages() -> list[values.Complete | values.Draft]:
    return [code for code in brand().languages if code in LANGUAGES or code in DRAFTS]  # type: ignore[misc]


class KioskSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this kiosk is and where it keeps its data."""

    centre: Centre
    data_dir: Annotated[str, Meta(pattern=_PATH, description="a folder, relative to this file")] = "var"
    brand: Annotated[str, Meta(pattern=_PATH, description="a municipality's file, relative to this file")] | None = None
    languages: values.Languages = msgspec.field(default_factory=_first_languages)
    tiles: values.Tiles = msgspec.field(default_factory=list)
    opens: values.Time | None = None
    closes: values.Time | None = None
    paperless: values.Paperless = True
    help_call: values.HelpCall = True
    card_orders: values.CardOrders = True
    other_kiosks: values.OtherKiosks = False
    ticket_page: values.TicketPage | None = None
    order_page: values.OrderPage | None = None

    def __post_init__(self) -> None:
        values.check_page("kiosk.ticket_page", self.ticket_page, "{id}")
        values.check_page("kiosk.order_page", self.order_page, "{centre}", "{service}")
        for name, words in (("languages", self.languages), ("tiles", self.tiles)):
            values.check_each_once(f"kiosk.{name}", words)
        values.check_hours(self.opens, self.closes)


class CentralSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the central server is. http only to this machine itself; https needs the pinned certificate."""

    url: Annotated[str, Meta(description='an address such as "https://central.example"')]
    ca_file: Annotated[str, Meta(pattern=_PATH, description="a PEM file, relative to this file")] | None = None


class ScreenSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The panel: sizes on it are computed in millimetres from these."""

    diagonal_in: Annotated[float, Meta(ge=5, le=100, description="inches such as 21.5")] = 21.5
    viewing_distance_mm: Annotated[int, Meta(ge=200, le=2000, description="millimetres such as 500")] = 500
    orientation: values.Orientation = "portrait"
    width_px: Annotated[int, Meta(ge=320, le=8000, description="the panel's width in pixels such as 1080")] | None = (
        None
    )
    height_px: Annotated[int, Meta(ge=320, le=8000, description="the panel's height in pixels such as 1920")] | None = (
        None
    )
    fullscreen: Annotated[bool, Meta(description="true or false")] = True
    brightness: values.Brightness = 100
    scanner_place: values.ScannerPlace | None = None
    motion: Annotated[bool, Meta(description="true or false: may a screen move into its place")] = True
    paper_slot: values.PaperSlot = "below"

    def __post_init__(self) -> None:
        if self.orientation == "portrait" and self.diagonal_in < LEAST_UPRIGHT_IN:
            found = f"screen.diagonal_in is {self.diagonal_in:g}, of an upright panel"
            raise ValueError(f"{found}; right would be {LEAST_UPRIGHT_IN} or more, or lying: landscape")


class PrinterSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The receipt printer."""

    driver: Annotated[str, Meta(description='a driver such as "escpos"')] = "escpos"
    port: Port
    profile: Annotated[str, Meta(pattern=_PATH, description='a profile such as "epson-tm-t20iii"')] = "epson-tm-t20iii"
    baudrate: Baud = 115200
    flow_control: Annotated[
        Literal["none", "rts-cts", "xon-xoff"], Meta(description='"none", "rts-cts" or "xon-xoff"')
    ] = "rts-cts"
    paper_mm: Annotated[Literal[58, 80], Meta(description="58 or 80")] = 80
    roll_m: values.RollLength = 80
    # Letters and codes as pictures: the test page whose code the scanner can't read sets it.
    pictures: values.Pictures = False


class ReaderSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code scanner or a card reader."""

    driver: Annotated[str, Meta(description='a driver such as "line-scanner" or "magstripe"')]
    port: Port
    baudrate: Baud | None = None
    profile: Annotated[values.Text, Meta(description='a profile such as "gm65"')] | None = None
    check: Annotated[Literal["none", "xor", "sum", "lrc"], Meta(description='"none", "xor", "sum" or "lrc"')] | None = (
        None
    )


class DevicesSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The devices that this kiosk has; any may be left out."""

    printer: PrinterSection | None = None
    scanner: ReaderSection | None = None
    card_reader: ReaderSection | None = None

    def __post_init__(self) -> None:
        for name, section in self.fitted().items():
            drivers, profiles = KNOWN[name]
            if section.driver not in drivers:  # another package's: what its profiles and checks are is its own matter
                _one_of(f"devices.{name}.driver", section.driver, (*drivers, *installed(name)))
                continue
            is_file = section.profile is not None and section.profile.endswith(values.PROFILE_FILE)
            if profiles and section.profile is not None and not is_file:
                _one_of(f"devices.{name}.profile", section.profile, profiles)
            check = getattr(section, "check", None)
            if check is not None:
                _one_of(f"devices.{name}.check", check, CHECKS.get(section.driver, ()))

    def fitted(self) -> "dict[str, PrinterSection | ReaderSection]":
        """Return the sections of the devices that there are, by kind (`devices.registry.KINDS`)."""
        sections = ((kind, getattr(self, kind)) for kind in KNOWN)
        return {kind: section for kind, section in sections if section is not None}


class SpeechSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Spoken guidance: recorded clips first, else the machine's voice where it is installed."""

    clips: Annotated[str, Meta(pattern=_PATH, description="a folder of clips, relative to this file")] | None = None
    volume: values.Volume = 70
    headset: (
        Annotated[str, Meta(pattern="^/dev/input/", description="an input device of a jack, /dev/input/...")] | None
    ) = None


class UpsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A battery watched by Network UPS Tools on this machine."""

    name: Annotated[values.Text, Meta(description='its name in NUT such as "ups"')] = "ups"
    host: Annotated[values.Text, Meta(description='an address such as "127.0.0.1"')] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="a TCP port such as 3493")] = 3493
    stop_orders_at: Annotated[int, Meta(ge=1, le=100, description="per cent of charge")] = 40
    stop_at: Annotated[int, Meta(ge=1, le=100, description="per cent of charge")] = 20

    def __post_init__(self) -> None:
        if self.stop_orders_at <= self.stop_at:
            raise ValueError(
                f"ups.stop_orders_at is {self.stop_orders_at}, not above ups.stop_at; right would be more than "
                f"{self.stop_at}, as orders close before tickets"
            )


class MetricsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers for Prometheus, on loopback only."""

    port: Annotated[int, Meta(ge=1, le=65535, description="a TCP port such as 9464")]


class ServiceKeySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key switch on the control lines of a serial port of its own; turned, it asks for the technician's PIN."""

    port: Port
    line: Annotated[Literal["cts", "dsr", "dcd", "ri"], Meta(description='"cts", "dsr", "dcd" or "ri"')] = "dsr"


class KioskConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of one kiosk. Paths are absolute; build it with :func:`load`."""

    kiosk: KioskSection
    central: CentralSection
    screen: ScreenSection = ScreenSection()
    devices: DevicesSection = DevicesSection()
    speech: SpeechSection = SpeechSection()
    ups: UpsSection | None = None
    metrics: MetricsSection | None = None
    service_key: ServiceKeySection | None = None

    @property
    def data_dir(self) -> Path:
        """The folder of store, keys and logs."""
        return Path(self.kiosk.data_dir)

    @property
    def default_language(self) -> str:
        """The language of the first screen."""
        return self.kiosk.languages[0]


def _one_of(name: str, found: str, known: Sequence[str]) -> None:
    if found not in known:
        right = f"one of: {', '.join(known)}" if known else "nothing there"
        raise ValueError(f"{name} is {found!r}; right would be {right}")
