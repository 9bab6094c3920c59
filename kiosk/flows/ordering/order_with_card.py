"""Order a document: by phone, with the identity card, or at the counter.

The card's data lives in local variables of one coroutine. It is sealed before it touches the disk, and it is gone when
the coroutine ends, by whatever way: confirmed, refused, timed out or failed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from common.city.catalogue import INFORMATION, Fee, Service
from devices.identity_card import IdentityCard, NotIdentityCard, parse_identity_card
from devices.protocols import Card, Scan
from kiosk.desk.desk import OrderRecorded, new_intention
from kiosk.flows.booking.another_day import book_another_day
from kiosk.flows.context import Context, Hall
from kiosk.flows.ended import WentBack
from kiosk.flows.ordering.fees import fee_text
from kiosk.flows.ordering.order_result import settle
from kiosk.flows.ordering.phone_order import order_by_phone, phone_availability
from kiosk.flows.payments.bill import take_or_pay
from kiosk.flows.race import first_of
from kiosk.flows.ticket import take_number
from kiosk.flows.tiles import tile
from kiosk.prompts.choosing import Choice, TakeNumber, Tile
from kiosk.prompts.order import ChooseCopies, ChooseDocument, ChooseKind, ChooseWay, ConfirmIdentity, PresentCard
from kiosk.prompts.state import NotNow
from kiosk.prompts.ui import Availability, Prompt, Text, Words

COVER_AFTER_S = 15.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is ordered: which document, how many, and what one costs."""

    document: str | None
    names: Words
    copies: int
    fee: Fee | None

    @property
    def cost(self) -> Text | None:
        """What all copies cost together; None where nobody has said."""
        return None if self.fee is None else fee_text(self.fee, self.copies)


async def choose_document(ctx: Context) -> None:
    """Choose one of the documents that the app can order, and how to order it."""
    while True:
        services = ctx.catalogue().orderable
        hall = (await asyncio.to_thread(ctx.hall) or Hall({})).seen_by(ctx.memory.priority)
        tiles = tuple(await asyncio.gather(*(asyncio.to_thread(tile, one, ctx.desk, hall) for one in services)))
        chosen = await ctx.ui.ask(ChooseDocument(tiles))
        service = ctx.catalogue().get(chosen.service)
        try:
            if service is None:
                if await ctx.ui.ask(NotNow(Text("service.disabled"))) == "help_ticket":
                    await take_number(ctx, INFORMATION)
            else:
                await go_on(ctx, service, partial(_ways, ctx, service))
        except WentBack:
            continue
        return


def _ways(ctx: Context, service: Service) -> ChooseWay:
    return ChooseWay(service.names, phone_availability(ctx), card_availability(ctx))


async def go_on[A: TakeNumber | Choice](ctx: Context, service: Service, question: Callable[[], Prompt[A]]) -> None:
    """Ask how to go on and do it: order by phone or with the card, or take a number. Back out of it asks again."""
    while True:
        way = await ctx.ui.ask(question())
        try:
            match way:
                case "phone":
                    await order_by_phone(ctx, service)
                case "card":
                    await order_with_card(ctx, service)
                case "another_day":
                    if await book_another_day(ctx, service.code) == "help_ticket":
                        await take_number(ctx, INFORMATION)
                case _:
                    await take_or_pay(ctx, service.code)
        except WentBack:
            continue
        return


def card_availability(ctx: Context) -> Availability | None:
    """Return whether an identity card's code can be read now; None where the centre takes no such orders."""
    if not ctx.centre.has_card_orders:
        return None
    orders = ctx.situation.now.orders
    return orders if not orders.is_offered else ctx.situation.now.scanning


async def order_with_card(ctx: Context, service: Service) -> None:
    """Choose the document, present the card, confirm, record the order sealed and unpaid, give the cashier's number."""
    while True:
        wish = await _choose_wish(ctx, service)
        try:
            await _order(ctx, service, wish)
        except WentBack:
            if not ctx.situation.now.scanning.is_offered:
                raise  # to the other ways
            continue  # to what was chosen
        return


async def _choose_wish(ctx: Context, service: Service) -> _Wish:
    """Ask which of the service's documents, and how many of it."""
    while True:
        document = None
        if service.documents:
            tiles = tuple(Tile(one.code, one.names) for one in service.documents)
            chosen = (await ctx.ui.ask(ChooseKind(tiles))).service
            document = next(one for one in service.documents if one.code == chosen)
        names = service.names if document is None else document.names
        try:
            copies = await ctx.ui.ask(ChooseCopies(names))
        except WentBack:
            if document is None:
                raise
            continue
        code = None if document is None else document.code
        return _Wish(code, names, copies, service.fee_of(code))


async def _order(ctx: Context, service: Service, wish: _Wish) -> None:
    failures, problem = 0, None
    while True:
        card = await _present(ctx, wish, failures, problem)
        if card is None:
            await take_number(ctx, service.code)
            return
        if isinstance(card, Text):
            failures, problem = failures + 1, card
            continue
        # The touch that confirms is the intention: this order is made once, however often the call is retried.
        if await _confirm(ctx, wish, card):
            person = _person(card)
            order = partial(ctx.desk.order_with_card, service.code, document=wish.document, copies=wish.copies)
            recorded = await asyncio.to_thread(order, intention=new_intention(), person=person)
            person.clear()
            if isinstance(recorded, OrderRecorded):
                recorded = replace(recorded, for_whom=card.first_name.reveal())
            del card
            await settle(ctx, recorded)
            return
        failures, problem = 0, None


async def _present(ctx: Context, wish: _Wish, failures: int, problem: Text | None) -> IdentityCard | Text | None:
    """Return the card's data, or what was wrong with it, or None for the way without a card."""
    prompt = PresentCard(wish.names, failures, problem, ctx.centre.scanner)
    answer = await ctx.ui.ask_until(prompt, partial(_card_or_no_reader, ctx))
    match answer:
        case Text():
            await ctx.ui.ask(NotNow(answer, others_work=False))
            raise WentBack  # to the other ways
        case Scan():
            card = parse_identity_card(answer.payload)
        case Card():
            return Text("present_card.no_identity")
        case _:
            return None
    if isinstance(card, NotIdentityCard):
        return Text("present_card.no_identity")
    return card if card.can_identify else Text("present_card.no_number")


async def _card_or_no_reader(ctx: Context) -> Scan | Card | Text:
    return await first_of(first_of(ctx.readers.next_scan(), ctx.readers.next_card()), _reader_goes(ctx))


async def _reader_goes(ctx: Context) -> Text:
    while (why := ctx.situation.now.scanning.why_not) is None:
        await ctx.situation.change()
    return why


async def _confirm(ctx: Context, wish: _Wish, card: IdentityCard) -> bool:
    """Ask whether this is the person; what is shown is covered after 15 s, and shown again on a touch."""
    covered = False
    while True:
        prompt = ConfirmIdentity(
            "" if covered else card.first_name.reveal(),
            "" if covered else card.national_number.reveal()[-4:],
            wish.names,
            covered,
            wish.copies,
            wish.cost,
        )
        answer: Choice | None = await (
            ctx.ui.ask(prompt) if covered else ctx.ui.ask_briefly(prompt, lambda: COVER_AFTER_S)
        )
        if answer in ("confirm", "not_me"):
            return answer == "confirm"
        covered = answer is None


def _person(card: IdentityCard) -> dict[str, str]:
    fields = {
        "first_name": card.first_name,
        "family_name": card.family_name,
        "father": card.father,
        "mother": card.mother,
        "birth_place": card.birth_place,
        "birth_date": card.birth_date,
        "national_number": card.national_number,
    }
    return {name: value.reveal() for name, value in fields.items() if value}
