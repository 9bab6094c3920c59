"""Which screen draws which prompt or notice of the citizens."""

from collections.abc import Callable
from functools import partial

from kiosk import prompts
from screens.articles.article import ArticleScreen
from screens.citizen import booking, choosing, claim, earlier_paper, feedback, order, state, ticket
from screens.citizen.payments import bill, ending
from screens.citizen.start import StartScreen
from screens.citizen.still_there import StillThereScreen
from screens.look.frame import Frame
from screens.pad import Entry, PadScreen
from screens.screen import Screen


def type_number(prompt: prompts.TypeOrderNumber, frame: Frame) -> Entry:
    """C7. The order number, when the code can't be read."""
    return Entry(
        frame.say("type_number.title"),
        frame.say("type_number.wrong") if prompt.wrong else "",
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="keypad",
    )


def find_number(prompt: prompts.FindNumber, frame: Frame) -> Entry:
    """The last digits of a number that got no paper."""
    return Entry(
        frame.say("find_number.title"),
        frame.say("find_number.wrong") if prompt.wrong else "",
        length=3,
        shortest=3,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="ticket",
    )


def type_digits(prompt: prompts.TypeTicketDigits, frame: Frame) -> Entry:
    """The digits at the foot of an earlier paper, when its code can't be read."""
    return Entry(
        frame.say("type_digits.title"),
        frame.say("type_digits.wrong") if prompt.wrong else "",
        length=prompt.length,
        shortest=prompt.length,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="ticket",
    )


def who_books(prompt: prompts.WhoBooks, frame: Frame) -> Entry:
    """The last digits of the national number, or the card."""
    return Entry(
        frame.tell(prompt.title),
        length=prompt.length,
        shortest=prompt.length,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="card",
    )


CITIZEN: dict[type, Callable[[], Screen]] = {
    prompts.Start: StartScreen,
    prompts.Announcement: partial(ArticleScreen, state.announcement),
    prompts.MoreServices: choosing.PagedTiles,
    prompts.AboutServices: choosing.PagedTiles,
    prompts.ServiceInfo: partial(ArticleScreen, choosing.service_info),
    prompts.ChoosePriority: partial(ArticleScreen, choosing.choose_priority),
    prompts.PrintingTicket: partial(ArticleScreen, ticket.printing),
    prompts.TakeTicket: partial(ArticleScreen, ticket.take_ticket),
    prompts.TicketOnScreen: partial(ArticleScreen, ticket.ticket_on_screen),
    prompts.Voided: partial(ArticleScreen, ticket.voided),
    prompts.FindNumber: partial(PadScreen, find_number),
    prompts.EarlierPaper: partial(ArticleScreen, earlier_paper.earlier_paper),
    prompts.AskingCentral: partial(ArticleScreen, booking.asking),
    prompts.ChooseSeat: partial(ArticleScreen, booking.choose_seat),
    prompts.WhoBooks: partial(PadScreen, who_books),
    prompts.SeatBooked: partial(ArticleScreen, booking.seat_booked),
    prompts.NotBooked: partial(ArticleScreen, booking.not_booked),
    prompts.EndClaim: partial(ArticleScreen, booking.end_claim),
    prompts.ClaimEnded: partial(ArticleScreen, booking.claim_ended),
    prompts.ClaimResult: partial(ArticleScreen, claim.claim_result),
    prompts.ChooseOne: partial(ArticleScreen, bill.choose_one),
    prompts.FindBill: partial(ArticleScreen, bill.find_bill),
    prompts.TypeBillNumber: partial(PadScreen, bill.bill_number),
    prompts.BillShown: partial(ArticleScreen, bill.bill),
    prompts.NotPaid: partial(ArticleScreen, bill.not_paid),
    prompts.PayCode: ending.PayCodeScreen,
    prompts.PaidWaiting: partial(ArticleScreen, ending.paid_waiting),
    prompts.PaymentEnded: partial(ArticleScreen, ending.payment_ended),
    prompts.PrintingPayment: partial(ArticleScreen, ending.printing_payment),
    prompts.ReceiptKnown: partial(ArticleScreen, ending.receipt_known),
    prompts.ServiceOfPaper: choosing.PagedTiles,
    prompts.TypeTicketDigits: partial(PadScreen, type_digits),
    prompts.TicketOfToday: partial(ArticleScreen, earlier_paper.ticket_of_today),
    prompts.WasItDone: partial(ArticleScreen, feedback.was_it_done),
    prompts.HowWasIt: partial(ArticleScreen, feedback.how_was_it),
    prompts.Thanks: partial(ArticleScreen, feedback.thanks),
    prompts.HoldCode: partial(ArticleScreen, order.hold_code),
    prompts.TypeOrderNumber: partial(PadScreen, type_number),
    prompts.ChooseDocument: choosing.PagedTiles,
    prompts.ChooseKind: choosing.PagedTiles,
    prompts.ChooseCopies: partial(ArticleScreen, order.choose_copies),
    prompts.ChooseWay: partial(ArticleScreen, order.choose_way),
    prompts.PhoneOrder: partial(ArticleScreen, order.phone_order),
    prompts.PresentCard: partial(ArticleScreen, order.present_card),
    prompts.ConfirmIdentity: partial(ArticleScreen, order.confirm_identity),
    prompts.OrderResult: partial(ArticleScreen, order.order_result),
    prompts.StillThere: StillThereScreen,
    prompts.HelpOffer: partial(ArticleScreen, state.help_offer),
    prompts.Calling: partial(ArticleScreen, state.calling),
    prompts.HelpResult: partial(ArticleScreen, state.help_result),
    prompts.Closed: partial(ArticleScreen, state.closed),
    prompts.CentreClosed: partial(ArticleScreen, state.centre_closed),
    prompts.Interrupted: partial(ArticleScreen, state.interrupted),
    prompts.QuotaFull: partial(ArticleScreen, state.quota_full),
    prompts.ChooseLanguage: partial(ArticleScreen, state.choose_language),
    prompts.VoiceOptions: partial(ArticleScreen, state.voice_options),
    prompts.NotAnOrder: partial(ArticleScreen, state.not_an_order),
    prompts.NotNow: partial(ArticleScreen, state.not_now),
    prompts.Starting: partial(ArticleScreen, state.starting),
    prompts.PowerGoing: partial(ArticleScreen, state.power_going),
    prompts.OutOfService: partial(ArticleScreen, state.out_of_service),
}
"""One screen a type; made when it is first needed, kept for ever after."""
