"""The settings that central's feed may change at kiosks: any other name would be dropped there in silence."""

from typing import Final

FROM_FEED: Final = frozenset(
    {
        "devices.printer.pictures",
        "devices.printer.profile",
        "devices.printer.roll_m",
        "kiosk.closes",
        "kiosk.help_call",
        "kiosk.languages",
        "kiosk.opens",
        "kiosk.order_page",
        "kiosk.other_kiosks",
        "kiosk.paperless",
        "kiosk.ticket_page",
        "kiosk.tiles",
        "screen.brightness",
        "screen.orientation",
        "screen.paper_slot",
        "screen.scanner_place",
        "speech.volume",
    }
)
