"""Which screen draws which prompt or notice of the citizens."""

from collections.abc import Callable
from functools import partial

from common.feature import brought
from kiosk.prompts.booking import AskingCentral, ChooseSeat, ClaimEnded, EndClaim, NotBooked, SeatBooked, WhoBooks
from kiosk.prompts.choosing import (
    AboutServices,
    Announcement,
    ChoosePriority,
    Interrupted,
    MoreServices,
    NotToday,
    ServiceInfo,
    Start,
)
from kiosk.prompts.claim import ClaimResult
from kiosk.prompts.earlier_paper import EarlierPaper, ServiceOfPaper, TicketOfToday, TypeTicketDigits
from kiosk.prompts.order import (
    ChooseCopies,
    ChooseDocument,
    ChooseKind,
    ChooseWay,
    ConfirmIdentity,
    HoldCode,
    OrderResult,
    PhoneOrder,
    PresentCard,
    TypeOrderNumber,
)
from kiosk.prompts.paid import PaidWaiting, PayCode, PrintingPayment, ReceiptKnown
from kiosk.prompts.payment import BegunBefore, BillOrNumber, BillShown, ChooseOne, FindBill, NotPaid, TypeBillNumber
from kiosk.prompts.payment_ended import PaymentEnded
from kiosk.prompts.state import (
    Calling,
    CentreClosed,
    ChooseLanguage,
    Closed,
    HelpOffer,
    HelpResult,
    NotAnOrder,
    NotNow,
    OutOfService,
    PowerGoing,
    QuotaFull,
    Starting,
    StillThere,
    VoiceOptions,
)
from kiosk.prompts.ticket import FindNumber, PrintingTicket, TakeTicket, TicketOnScreen, Voided
from screens.articles.article import ArticleScreen
from screens.citizen import booking, choosing, claim, earlier_paper, order, state, ticket
from screens.citizen.payments import bill, ending
from screens.citizen.start import StartScreen
from screens.citizen.state import StillThereScreen
from screens.look.frame import Frame
from screens.pad import Entry, PadScreen
from screens.screen import Screen, Screens


def type_number(_: TypeOrderNumber, frame: Frame) -> Entry:
    """C7. The order number, when the code can't be read."""
    return Entry(
        frame.say("type_number.title"),
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="keypad",
    )


def find_number(prompt: FindNumber, frame: Frame) -> Entry:
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


def type_digits(prompt: TypeTicketDigits, frame: Frame) -> Entry:
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


def who_books(prompt: WhoBooks, frame: Frame) -> Entry:
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
    Start: StartScreen,
    Announcement: partial(ArticleScreen, state.announcement),
    MoreServices: choosing.PagedTiles,
    AboutServices: choosing.PagedTiles,
    ServiceInfo: partial(ArticleScreen, choosing.service_info),
    ChoosePriority: partial(ArticleScreen, choosing.choose_priority),
    PrintingTicket: partial(ArticleScreen, ticket.printing),
    TakeTicket: partial(ArticleScreen, ticket.take_ticket),
    TicketOnScreen: partial(ArticleScreen, ticket.ticket_on_screen),
    Voided: partial(ArticleScreen, ticket.voided),
    FindNumber: partial(PadScreen, find_number),
    EarlierPaper: partial(ArticleScreen, earlier_paper.earlier_paper),
    AskingCentral: partial(ArticleScreen, booking.asking),
    ChooseSeat: partial(ArticleScreen, booking.choose_seat),
    WhoBooks: partial(PadScreen, who_books),
    SeatBooked: partial(ArticleScreen, booking.seat_booked),
    NotBooked: partial(ArticleScreen, booking.not_booked),
    EndClaim: partial(ArticleScreen, booking.end_claim),
    ClaimEnded: partial(ArticleScreen, booking.claim_ended),
    ClaimResult: partial(ArticleScreen, claim.claim_result),
    ChooseOne: partial(ArticleScreen, bill.choose_one),
    BillOrNumber: partial(ArticleScreen, bill.bill_or_number),
    FindBill: partial(ArticleScreen, bill.find_bill),
    TypeBillNumber: partial(PadScreen, bill.bill_number),
    BillShown: partial(ArticleScreen, bill.bill),
    BegunBefore: partial(ArticleScreen, bill.begun_before),
    NotPaid: partial(ArticleScreen, bill.not_paid),
    PayCode: ending.PayCodeScreen,
    PaidWaiting: partial(ArticleScreen, ending.paid_waiting),
    PaymentEnded: partial(ArticleScreen, ending.payment_ended),
    PrintingPayment: partial(ArticleScreen, ending.printing_payment),
    ReceiptKnown: partial(ArticleScreen, ending.receipt_known),
    ServiceOfPaper: choosing.PagedTiles,
    TypeTicketDigits: partial(PadScreen, type_digits),
    TicketOfToday: partial(ArticleScreen, earlier_paper.ticket_of_today),
    HoldCode: partial(ArticleScreen, order.hold_code),
    TypeOrderNumber: partial(PadScreen, type_number),
    ChooseDocument: choosing.PagedTiles,
    ChooseKind: choosing.PagedTiles,
    ChooseCopies: partial(ArticleScreen, order.choose_copies),
    ChooseWay: partial(ArticleScreen, order.choose_way),
    PhoneOrder: partial(ArticleScreen, order.phone_order),
    PresentCard: partial(ArticleScreen, order.present_card),
    ConfirmIdentity: partial(ArticleScreen, order.confirm_identity),
    OrderResult: partial(ArticleScreen, order.order_result),
    StillThere: StillThereScreen,
    HelpOffer: partial(ArticleScreen, state.help_offer),
    Calling: partial(ArticleScreen, state.calling),
    HelpResult: partial(ArticleScreen, state.help_result),
    Closed: partial(ArticleScreen, state.closed),
    CentreClosed: partial(ArticleScreen, state.centre_closed),
    Interrupted: partial(ArticleScreen, state.interrupted),
    NotToday: partial(ArticleScreen, state.not_today),
    QuotaFull: partial(ArticleScreen, state.quota_full),
    ChooseLanguage: partial(ArticleScreen, state.choose_language),
    VoiceOptions: partial(ArticleScreen, state.voice_options),
    NotAnOrder: partial(ArticleScreen, state.not_an_order),
    NotNow: partial(ArticleScreen, state.not_now),
    Starting: partial(ArticleScreen, state.starting),
    PowerGoing: partial(ArticleScreen, state.power_going),
    OutOfService: partial(ArticleScreen, state.out_of_service),
    **{prompt: screen for one in brought("screens", Screens) for prompt, screen in one.by_prompt.items()},
}
"""One screen a type; made when it is first needed, kept for ever after."""
