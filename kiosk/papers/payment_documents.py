"""Papers of a payment, from top to bottom: the receipt, and what leads to a payment that is no receipt yet.

Nothing on them says whose bill it was. A code that is read as a receipt stands on a receipt alone.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from devices.paper import Paper, Qr, Text, Weight
from kiosk.desk.scan_content import PAYMENT_PREFIX
from kiosk.language import Language
from kiosk.papers.contents import Words
from kiosk.papers.page import Page
from kiosk.prompts.ui import Text as Said

_AMOUNT_MM: Final = 5.6
_NUMBER_MM: Final = 4.6


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentContent:
    """What a paper of a payment says. `biller` None: an order's fee; `moment` None: the clock is not trusted.

    `page` is the address of the receipt's own page, `check_page` where anybody checks its seal; both may be empty.
    """

    kind: Literal["receipt", "entering", "reference", "bank", "refund"]
    payment: str
    centre: Words
    biller: Words | None
    payer: Words
    amount: Said
    bill_no: str
    receipt: str = ""
    payer_receipt: str = ""
    seal: str = field(default="", repr=False)
    page: str = field(default="", repr=False)
    check_page: str = ""
    late_days: int = 0
    moment: datetime | None = None
    kiosk: str = ""


def payment_paper(content: PaymentContent, language: str = "ar") -> Paper:
    """Return the receipt of a payment, or the paper that leads to one: what it is stands at its head."""
    page = Page(language)
    page.heading(content.centre, _names(content))
    page.space(1.5)
    page.banner(f"paper.payment_{content.kind}")
    page.space(1.0)
    page.repeat_fixed(f"paper.payment_{content.kind}")
    if content.kind != "receipt":
        page.say_fixed("paper.payment_no_receipt", 3.4)
        page.repeat_fixed("paper.payment_no_receipt")
    page.say(content.amount.msgid, _AMOUNT_MM, Weight.BOLD, **content.amount.values)
    page.repeat(content.amount.msgid, **content.amount.values)
    page.say("paper.payment_by", 3.8, Weight.MEDIUM, payer=content.payer)
    page.moment(content.moment)
    page.rule()
    if content.kind == "receipt":
        _number(page, "paper.payment_receipt_no", content.receipt)
        _number(page, "paper.payment_payer_no", content.payer_receipt)
    _number(page, "paper.payment_bill_no", content.bill_no)
    page.rule()
    if content.kind == "receipt":
        _sealed(page, content)
    else:
        _what_holds(page, content)
    return page.paper(f"payment-{content.kind}", content.kiosk)


def _names(content: PaymentContent) -> Words:
    return content.biller or {code: Language(code).text("pay.order_fee") for code in ("ar", "en")}


def _number(page: Page, message: str, number: str) -> None:
    page.say_fixed(message, 3.4)
    page.repeat_fixed(message)
    page.ops.append(Text(number, _NUMBER_MM, Weight.BOLD, "ltr"))


def _sealed(page: Page, content: PaymentContent) -> None:
    """The seal, and where it is checked: at any kiosk without a network, and by anybody at an address."""
    page.say_fixed("paper.payment_seal", 3.4)
    page.repeat_fixed("paper.payment_seal")
    page.ops.append(Qr(content.seal))
    if content.check_page:
        page.say_fixed("paper.payment_check", 3.4)
        page.repeat_fixed("paper.payment_check")
        page.ops.append(Text(content.check_page, 3.2, direction="ltr"))
    if content.page:
        page.say_fixed("paper.payment_page", 3.4)
        page.repeat_fixed("paper.payment_page")
        page.ops.append(Qr(content.page))


def _what_holds(page: Page, content: PaymentContent) -> None:
    """What is true of it now, what comes next, and where it can be asked for."""
    if content.kind == "bank":
        page.say("paper.payment_bank_do", 3.8, Weight.MEDIUM, n=content.late_days)
        page.repeat("paper.payment_bank_do", n=content.late_days)
    else:
        page.say_fixed(f"paper.payment_{content.kind}_do", 3.8, Weight.MEDIUM)
        page.repeat_fixed(f"paper.payment_{content.kind}_do")
    if content.kind != "refund":
        once = "paper.payment_once" if content.kind == "entering" else "paper.payment_once_if"
        page.say_fixed(once, 3.8, Weight.BOLD)
        page.repeat_fixed(once)
    page.ops.append(Qr(PAYMENT_PREFIX + content.payment))
    page.say_fixed("paper.payment_ask_here", 3.4)
    page.repeat_fixed("paper.payment_ask_here")
