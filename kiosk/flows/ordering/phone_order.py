"""Order from the phone: a QR that opens the app's page for this centre and service. Works with no network here."""

from urllib.parse import quote

from common.city.catalogue import Service
from kiosk.flows.context import Centre, Context
from kiosk.prompts.order import PhoneOrder
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import OFFERED, Availability, Text


async def order_by_phone(ctx: Context, service: Service) -> None:
    """Show the QR until the citizen has it on the phone."""
    url = order_url(ctx.centre, service.code)
    if url is None:
        await ctx.ui.ask(NotNow(Text("fault.no_order_page")))
        return
    await ctx.ui.ask(PhoneOrder(service.names, url))


def phone_availability(ctx: Context) -> Availability:
    """Return whether the app's page is known."""
    return OFFERED if ctx.centre.order_page else Availability(False, Text("fault.no_order_page"))


def order_url(centre: Centre, service_code: str) -> str | None:
    """Return the app's order page for a service here. It holds nothing personal."""
    if centre.order_page is None:
        return None
    page = centre.order_page.replace("{centre}", quote(centre.code, safe=""))
    return page.replace("{service}", quote(service_code, safe=""))
