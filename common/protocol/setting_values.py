"""The settings that central's feed may change at kiosks, and which values each may have.

Central judges by these before it publishes, a kiosk by the same when it reads: what a kiosk would leave out is refused
where somebody still looks.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import msgspec
from msgspec import Meta

PROFILE_FILE: Final = ".toml"
PRINTER_PROFILES: Final = ("epson-tm-t20iii", "epson-tm-t88v", "generic-80mm", "pos-5890", "xprinter-xp80t")
DAY_BEGINS, DAY_ENDS = "00:00", "23:59"  # the hours of a centre of which only the other end is set
Complete = Literal["ar", "en"]
Draft = Literal["ku"]
Slot = Literal["below", "left", "right"]

Text = Annotated[str, Meta(min_length=1, max_length=400, description="a text of 1 to 400 characters")]
Time = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", description='a time of day such as "08:00"')]
Languages = Annotated[list[Complete | Draft], Meta(min_length=1, description='["ar", "en"]; first = default')]
Tiles = Annotated[list[Text], Meta(max_length=6, description="at most six service codes")]
Paperless = Annotated[bool, Meta(description="true or false: may tickets go on with no paper")]
HelpCall = Annotated[bool, Meta(description="true or false: may citizens call staff, where a hub takes it")]
CardOrders = Annotated[bool, Meta(description="true or false: may citizens order with the identity card")]
OtherKiosks = Annotated[bool, Meta(description="true or false: does another kiosk stand in this centre")]
TicketPage = Annotated[str, Meta(description='a public page such as "https://example/t/{id}"')]
OrderPage = Annotated[str, Meta(description='the app\'s page such as "https://example/{centre}/{service}"')]
Orientation = Annotated[Literal["portrait", "landscape"], Meta(description='"portrait" or "landscape"')]
Brightness = Annotated[int, Meta(ge=10, le=100, description="per cent from 10 to 100")]
ScannerPlace = Annotated[Slot, Meta(description='where the scanner is: "below", "left" or "right" of the screen')]
PaperSlot = Annotated[Slot, Meta(description='where the paper comes out: "below", "left" or "right"')]
RollLength = Annotated[int, Meta(ge=5, le=500, description="metres on a new roll such as 80")]
Pictures = Annotated[bool, Meta(description="true or false")]
Profile = Annotated[Literal[PRINTER_PROFILES], Meta(description=f"one of {', '.join(PRINTER_PROFILES)}")]  # type: ignore[valid-type]
Volume = Annotated[int, Meta(ge=0, le=100, description="0 to 100")]

_TYPES: Final[Mapping[str, Any]] = {
    "devices.printer.pictures": Pictures,
    "devices.printer.profile": Profile,
    "devices.printer.roll_m": RollLength,
    "kiosk.card_orders": CardOrders,
    "kiosk.closes": Time,
    "kiosk.help_call": HelpCall,
    "kiosk.languages": Languages,
    "kiosk.opens": Time,
    "kiosk.order_page": OrderPage,
    "kiosk.other_kiosks": OtherKiosks,
    "kiosk.paperless": Paperless,
    "kiosk.ticket_page": TicketPage,
    "kiosk.tiles": Tiles,
    "screen.brightness": Brightness,
    "screen.orientation": Orientation,
    "screen.paper_slot": PaperSlot,
    "screen.scanner_place": ScannerPlace,
    "speech.volume": Volume,
}
FROM_FEED: Final = frozenset(_TYPES)
"""Any other name would be dropped at a kiosk in silence."""


def judge(told: Mapping[str, Any], beside: Mapping[str, Any] | None = None) -> None:
    """Judge values as a kiosk would, by the names in `FROM_FEED`; null takes a setting back.

    Args:
        told: what is to be published.
        beside: what was published before and stays: a centre opens before it closes.

    Raises:
        ValueError: a value that kiosks would leave out, and what would be right.
    """
    for name, value in told.items():
        if value is None:
            continue
        try:
            msgspec.convert(value, _TYPES[name])
        except msgspec.ValidationError as error:
            raise ValueError(f"{name}: found {str(value)[:60]!r}, expected {_right(name)}") from error
    check_page("kiosk.ticket_page", told.get("kiosk.ticket_page"), "{id}")
    check_page("kiosk.order_page", told.get("kiosk.order_page"), "{centre}", "{service}")
    for name in ("kiosk.languages", "kiosk.tiles"):
        check_each_once(name, told.get(name) or ())
    if {"kiosk.opens", "kiosk.closes"} & told.keys():
        hours = {**(beside or {}), **told}
        check_hours(hours.get("kiosk.opens"), hours.get("kiosk.closes"))


def check_page(name: str, page: str | None, *places: str) -> None:
    """Raise ValueError for a page that no QR code can hold or that says too little: it is ASCII and has its places."""
    if page is None or (page.startswith("https://") and page.isascii() and all(place in page for place in places)):
        return
    right = f"an https address in ASCII with {' and '.join(places)} in it"
    raise ValueError(f'{name} is "{page}"; right would be {right}')


def check_each_once(name: str, words: Sequence[str]) -> None:
    """Raise ValueError where a word stands twice."""
    if twice := [word for index, word in enumerate(words) if word in words[:index]]:
        raise ValueError(f"{name} has {twice[0]!r} twice; right would be each once")


def check_hours(opens: str | None, closes: str | None) -> None:
    """Raise ValueError for hours that end before they begin; midnight ends the day before."""
    begin, end = opens or DAY_BEGINS, closes or DAY_ENDS
    if begin < end:
        return
    if opens is None:
        raise ValueError(f"kiosk.closes is {end!r}, when the day begins; right would be a later time")
    raise ValueError(f"kiosk.opens is {begin!r}, not before kiosk.closes; right would be an earlier time")


def listed(name: str) -> tuple[Any, ...]:
    """Return every value that a setting may have, where its type lists them. Raises LookupError where it doesn't."""
    kind = get_args(_TYPES[name])[0]
    found = (True, False) if kind is bool else get_args(kind)
    if not found or (get_origin(kind) is not Literal and kind is not bool):
        raise LookupError(f"{name} has no list of values: say what may be chosen")
    return found


def _right(name: str) -> str:
    return next(str(one.description) for one in get_args(_TYPES[name]) if isinstance(one, Meta))
