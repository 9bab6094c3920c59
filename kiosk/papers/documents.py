"""What citizens get in their hand, from top to bottom, free of any printer: tickets, receipts, what marks them.

The citizen's language leads; what staff and companions must find is repeated smaller in the other one. No family name
and no national number is ever on a paper; a first name only where an order is for that person. What is not known is
left out, never guessed.
"""

from dataclasses import replace

from devices.paper import Banner, Paper, Qr, Space, Text, Weight
from kiosk.language import Language, parted
from kiosk.papers.contents import AppointmentContent, ReceiptContent, TicketContent
from kiosk.papers.page import Page


def ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a queue ticket."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.waiting(content)
    page.say_fixed("paper.valid_today", 3.2, Weight.BOLD)
    page.say_fixed("paper.stays_valid", 3.2)
    page.repeat_fixed("paper.valid_today")
    page.notices(content.notices)
    return page.ticket("ticket", content)


def cashier_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket for the cashier: an order is recorded and not paid yet."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.waiting(content)
    page.say_fixed("paper.pay_first", 3.8, Weight.BOLD)
    page.order_number(content.order_number)
    page.wish(content.copies, content.for_whom)
    page.say_fixed("paper.queue_today", 3.4)
    page.say_fixed("paper.stays_valid", 3.2)
    if not content.by_post:
        page.say_fixed("paper.keep_to_collect", 3.4, Weight.BOLD)
    page.repeat_fixed("paper.pay_first")
    page.notices(content.notices)
    return page.ticket("cashier-ticket", content)


def checking_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket for the information desk: an order was typed or scanned, and nobody has checked it yet."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.banner("paper.to_be_verified")
    page.space(1.0)
    page.repeat_fixed("paper.to_be_verified")
    page.order_number(content.order_number, large=True)
    page.waiting(content)
    page.say_fixed("paper.valid_today", 3.4)
    page.say_fixed("paper.stays_valid", 3.2)
    page.notices(content.notices)
    return page.ticket("checking-ticket", content)


def collection_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket with priority to collect a document that is ready."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.space(1.5)
    page.banner("paper.ready")
    page.space(1.0)
    page.number(content)
    page.waiting(content)
    page.order_number(content.order_number)
    page.say_fixed("paper.bring_identity", 3.8, Weight.BOLD)
    page.say_fixed("paper.valid_today", 3.4)
    page.say_fixed("paper.stays_valid", 3.2)
    page.repeat_fixed("paper.ready")
    page.notices(content.notices)
    return page.ticket("collection-ticket", content)


def order_receipt(content: ReceiptContent, language: str = "ar") -> Paper:
    """Return the receipt of an order: where and when to collect, or what is still to be done."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.space(1.5)
    page.say_fixed("paper.order_received", 5.0, Weight.BOLD)
    page.repeat_fixed("paper.order_received")
    page.order_number(content.order_number, large=True)
    page.wish(None, content.for_whom)
    if not content.is_verified:
        page.space(1.0)
        page.banner("paper.to_be_verified")
    page.space(1.0)
    if content.by_post:
        page.say("paper.by_post", 4.2, Weight.MEDIUM)
    elif content.collect_at:
        page.say("paper.collect_at", 4.2, Weight.MEDIUM, centre=content.collect_at)
        if content.is_verified:
            page.say_fixed("paper.from_next_day", 4.2, Weight.MEDIUM)
            page.repeat_fixed("paper.from_next_day")
    page.moment(content.recorded_at)
    page.rule()
    if not content.for_whom:  # who ordered here with the card may have no app
        page.say_fixed("paper.when_ready", 3.6)
    if not content.by_post:
        page.say_fixed("paper.bring_identity", 3.6)
    if not content.for_whom:
        page.repeat_fixed("paper.when_ready")
    return page.paper("order-receipt", content.kiosk, content.id)


def appointment(content: AppointmentContent, language: str = "ar") -> Paper:
    """Return what is brought to an appointment: when, where, for how many, its code and digits, and how it is ended."""
    page = Page(language)
    page.heading(content.centre, content.service)
    page.space(1.5)
    page.banner("paper.appointment")
    page.space(1.0)
    page.say("paper.appointment_on", 5.0, Weight.BOLD, day=content.moment.date())
    page.ops.append(Text(f"{content.moment:%H:%M}", 12.0, Weight.BOLD, "ltr"))
    page.repeat("paper.appointment_on", day=content.moment.date())
    if content.people > 1:
        page.say("paper.appointment_people", 4.4, Weight.BOLD, n=content.people)
        page.repeat("paper.appointment_people", n=content.people)
    page.say("paper.appointment_opens", 3.8, Weight.MEDIUM, time=f"{content.opens:%H:%M}")
    page.listed(content.papers)
    page.rule()
    page.say("paper.appointment_end", 3.2)
    page.repeat_fixed("paper.appointment_end")
    page.ops.append(Qr(content.code))
    page.ops.append(Text(f"{content.digits[:4]} {content.digits[4:]}", 6.0, Weight.BOLD, "ltr"))
    return page.paper("appointment", content.kiosk)


def void_slip(content: TicketContent, language: str = "ar") -> Paper:
    """Return what marks a ticket that was taken back: the paper itself is in somebody's hand already."""
    page = Page(language)
    mark = "  ·  ".join(Language(code).text("paper.void") for code in ("ar", "en"))
    page.ops += [Banner(mark), Space(1.5), Text(parted(content.number), 8.0, Weight.BOLD, "ltr")]
    page.say_fixed("paper.void_why", 3.6)
    page.repeat_fixed("paper.void_why")
    return page.paper("void-slip", content.kiosk)


def copy_of(paper: Paper) -> Paper:
    """Return the same paper, marked as a copy at its head: same number, same id."""
    mark = "  ·  ".join(Language(code).text("paper.copy") for code in ("ar", "en"))
    return replace(paper, ops=(Banner(mark), Space(1.5), *paper.ops))
