"""The face of everything that the desk refuses."""

from kiosk.desk.desk import Refusal, Refused
from kiosk.flows.context import Context
from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.state import Closed, NotNow, QuotaFull
from kiosk.prompts.ui import Text

_SENTENCES = {
    Refusal.UNKNOWN_SERVICE: "service.disabled",
    Refusal.INTERRUPTED: "service.stopped",
    Refusal.TICKETS_CLOSED: "fault.no_tickets",
    Refusal.NO_BUSINESS_DAY: "fault.no_tickets",
    Refusal.NO_SEALING_KEY: "fault.not_enrolled",
    Refusal.STORE: "fault.store",
}

_OTHERS_WORK = (Refusal.UNKNOWN_SERVICE, Refusal.INTERRUPTED)


async def say_refused(ctx: Context, service_code: str, refused: Refused, *, books: bool = False) -> Done | Choice:
    """Show why nothing was recorded, and what can be done instead; the answer is what the citizen chose of it.

    `books`: an appointment can be made.
    """
    names = ctx.catalogue().names(service_code)
    match refused.reason:
        case Refusal.CLOSED:
            return await ctx.ui.ask(Closed(names, opening_text(refused), refused.opens_today, books))
        case Refusal.QUOTA_FULL:
            return await ctx.ui.ask(QuotaFull(names, books))
        case reason:
            return await ctx.ui.ask(NotNow(Text(_SENTENCES[reason]), others_work=reason in _OTHERS_WORK))


def opening_text(refused: Refused) -> Text | None:
    """Return the sentence that says when it opens, as far as known."""
    if refused.opens_on is None or refused.opens_at is None:
        return None
    return Text("closed.opens_on", {"day": refused.opens_on, "opens": refused.opens_at})
