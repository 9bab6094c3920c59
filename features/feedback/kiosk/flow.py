"""Asking how a visit was, of who has shown its ticket and touched that he will say it."""

import asyncio
from functools import partial
from typing import Final

from common.machine.stamp import Stamp
from features.feedback.kiosk.keeping import accept_feedback, is_answered
from features.feedback.kiosk.prompts import HowWasIt, Thanks, WasItDone
from features.feedback.wire import Face, Served
from kiosk.desk.desk import Desk, Refused
from kiosk.flows.context import Context
from kiosk.flows.ended import WentBack
from kiosk.flows.offered.of_paper import OfPaper
from kiosk.flows.paper import reading_s
from kiosk.prompts.choosing import Offer
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Text
from offline_store.disk.database import Store
from offline_store.queue.shown import ShownTicket

SAY: Final = Offer("how_it_was", Text("was_it_done.say"), "face-3", Text("speech.say_how_it_was"))


def is_asked(desk: Desk, shown: ShownTicket) -> bool:
    """Return whether a ticket's visitor may say how it was: once, lately, and where it was given here."""

    def has_answered(store: Store, _: Stamp) -> bool:
        return shown.id is not None and is_answered(store, shown.id)

    return shown.is_over and shown.id is not None and desk.at_store("feedback-asked", has_answered) is False


async def say_how_it_was(ctx: Context, shown: ShownTicket) -> None:
    """Ask whether it was done and how it was, and keep the answer. Raises WentBack out of the first question."""
    question = WasItDone(ctx.catalogue().names(shown.service))
    while True:
        served = await ctx.ui.ask(question)
        try:
            face = await ctx.ui.ask(HowWasIt())
        except WentBack:
            continue
        break
    refused = await asyncio.to_thread(_keep, ctx.desk, shown, served, face)
    if isinstance(refused, Refused):
        await ctx.ui.ask(NotNow(Text("fault.store")))
    else:
        await ctx.ui.ask_briefly(Thanks(), partial(reading_s, ctx))


def _keep(desk: Desk, shown: ShownTicket, served: Served, face: Face) -> Refused | None:
    ticket = shown.id
    if ticket is None:
        return None

    def keep(store: Store, stamp: Stamp) -> None:
        accept_feedback(store, ticket, served, face, stamp)

    return desk.at_store("feedback", keep)


OF_PAPER: Final = OfPaper(SAY, is_asked, say_how_it_was)
