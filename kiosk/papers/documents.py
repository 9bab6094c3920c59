"""What is printed, from top to bottom, free of any printer: tickets, receipts, the test page, the counters.

The citizen's language leads; what staff and companions must find is repeated smaller in the other one. No family name
and no national number is ever on a paper; a first name only where an order is for that person. What is not known is
left out, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from devices.paper import Banner, Direction, Emblem, Number, Op, Paper, Qr, Rule, Sign, Space, Text, Weight
from kiosk.language import Language, grouped, parted
from kiosk.money import money
from kiosk.prompts import Ahead
from offline_store.wire.brand import brand

type Words = Mapping[str, str]

_SECOND = {"ar": "en"}  # the language of the small lines; beside any other one it is Arabic
# Letters that test a printer: every joining form, the ligature, brackets and digits inside Arabic.
_ARABIC_SAMPLE = "أبجد هوز حطي كلمن سعفص قرشت ثخذ ضظغ – لا إلى (12) «حمص»"

_EMBLEM_MM: Final = 10.0
# As long as a ticket's, so that what reads on the test page reads on every paper.
TEST_CODE: Final = "TEST-PAGE-00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketContent:
    """What a ticket says. `issued_at` None: the clock is not trusted; `ahead` None: not known.

    `fee_minor` is in minor units of `currency` (ISO 4217, empty: the brand's), 0 is free, None is not known. `priority`
    is the item's word.
    `page` is the address of the public status page with `{id}` where the ticket's belongs, or empty. `for_whom` is the
    first name of whom an order is for, `sign` that of the number's group.
    """

    id: str
    number: str
    centre: Words
    service: Words
    kiosk: str = ""
    issued_at: datetime | None = None
    ahead: Ahead | None = None
    papers: Sequence[Words] = ()
    fee_minor: int | None = None
    currency: str = ""
    priority: str = "none"
    order_number: str | None = None
    copies: int | None = None
    for_whom: str = field(default="", repr=False)
    by_post: bool = False
    page: str = ""
    sign: Sign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """What an order's receipt says. `collect_at` is the centre, `by_post` that it comes to the citizen.

    `is_verified` False: to be verified at the counter. `number` is that of the cashier's ticket, where there is one.
    """

    id: str
    order_number: str | None
    centre: Words
    service: Words | None
    collect_at: Words | None = None
    by_post: bool = False
    is_verified: bool = True
    for_whom: str = field(default="", repr=False)
    kiosk: str = ""
    recorded_at: datetime | None = None
    page: str = ""


def ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a queue ticket."""
    page = _Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.waiting(content)
    page.say_fixed("paper.valid_today", 3.2, Weight.BOLD)
    page.say_fixed("paper.stays_valid", 3.2)
    page.repeat_fixed("paper.valid_today")
    return page.paper("ticket", content.id, content.page, content.kiosk)


def cashier_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket for the cashier: an order is recorded and not paid yet."""
    page = _Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.waiting(content)
    page.say_fixed("paper.pay_first", 3.8, Weight.BOLD)
    page.order_number(content.order_number)
    page.wish(content.copies, content.for_whom)
    page.say_fixed("paper.queue_today", 3.4)
    if not content.by_post:
        page.say_fixed("paper.keep_to_collect", 3.4, Weight.BOLD)
    page.say_fixed("paper.stays_valid", 3.2)
    page.repeat_fixed("paper.pay_first")
    return page.paper("cashier-ticket", content.id, content.page, content.kiosk)


def checking_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket for the information desk: an order was typed or scanned, and nobody has checked it yet."""
    page = _Page(language)
    page.heading(content.centre, content.service)
    page.number(content)
    page.banner("paper.to_be_verified")
    page.space(1.0)
    page.repeat_fixed("paper.to_be_verified")
    page.order_number(content.order_number, large=True)
    page.waiting(content)
    page.say_fixed("paper.valid_today", 3.4)
    page.say_fixed("paper.stays_valid", 3.2)
    return page.paper("checking-ticket", content.id, content.page, content.kiosk)


def collection_ticket(content: TicketContent, language: str = "ar") -> Paper:
    """Return a ticket with priority to collect a document that is ready."""
    page = _Page(language)
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
    return page.paper("collection-ticket", content.id, content.page, content.kiosk)


def order_receipt(content: ReceiptContent, language: str = "ar") -> Paper:
    """Return the receipt of an order: where and when to collect, or what is still to be done."""
    page = _Page(language)
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
    return page.paper("order-receipt", content.id, content.page, content.kiosk)


def void_slip(content: TicketContent, language: str = "ar") -> Paper:
    """Return what marks a ticket that was taken back: the paper itself is in somebody's hand already."""
    page = _Page(language)
    mark = "  ·  ".join(Language(code).text("paper.void") for code in ("ar", "en"))
    page.ops += [Banner(mark), Space(1.5), Text(parted(content.number), 8.0, Weight.BOLD, "ltr")]
    page.say_fixed("paper.void_why", 3.6)
    page.repeat_fixed("paper.void_why")
    return page.paper("void-slip", "", "", content.kiosk)


def copy_of(paper: Paper) -> Paper:
    """Return the same paper, marked as a copy at its head: same number, same id."""
    mark = "  ·  ".join(Language(code).text("paper.copy") for code in ("ar", "en"))
    return replace(paper, ops=(Banner(mark), Space(1.5), *paper.ops))


def page_for_testing(
    centre: Words, kiosk: str, printed_at: datetime | None, lines: Sequence[str] = (), language: str = "ar"
) -> Paper:
    """Return a test page: letters, digits, bars across the paper, a code. `lines` are technical words."""
    page = _Page(language)
    page.text(page.language.words(centre), 4.0, Weight.MEDIUM, fixed=True)
    page.say_fixed("paper.test_page", 6.0, Weight.BOLD)
    page.rule()
    page.ops.append(Text(_ARABIC_SAMPLE, 4.2))
    page.ops.append(Text("ABCDEFGHIJKLM 0123456789", 3.6, direction="ltr"))
    page.space(1.5)
    page.ops.append(Number("A1234"))
    page.space(2.0)
    for thickness_mm in (0.125, 0.25, 0.5, 1.0, 2.0):  # a worn head shows as gaps in these
        page.ops += [Rule(thickness_mm), Space(0.8)]
    page.moment(printed_at)
    for line in lines:
        page.ops.append(Text(line, 3.2, direction="ltr"))
    return page.paper("test-page", TEST_CODE, "", kiosk)


def counters_report(
    centre: Words, kiosk: str, printed_at: datetime | None, counts: Sequence[tuple[str, str]], language: str = "ar"
) -> Paper:
    """Return the technician's counters: a line each, already named in the report's language."""
    page = _Page(language)
    page.text(page.language.words(centre), 4.0, Weight.MEDIUM, fixed=True)
    page.say_fixed("paper.counters", 6.0, Weight.BOLD)
    page.moment(printed_at)
    page.rule()
    for name, value in counts:
        page.ops.append(Text(f"{name}: {value}", 3.8, direction=page.direction))
    page.rule()
    return page.paper("counters", "", "", kiosk)


def waiting_list(
    centre: Words, kiosk: str, printed_at: datetime | None, numbers: Sequence[tuple[str, str]], language: str = "ar"
) -> Paper:
    """Return the list of who waits: each number with the time at which it was given, a line each, to be ticked off."""
    page = _Page(language)
    page.text(page.language.words(centre), 4.0, Weight.MEDIUM, fixed=True)
    page.say_fixed("paper.waiting_list", 6.0, Weight.BOLD)
    page.moment(printed_at)
    page.say("paper.waiting_count", 3.8, Weight.MEDIUM, n=len(numbers))
    page.rule()
    for number, given_at in numbers:
        page.ops.append(Text(f"[  ]  {parted(number)}   {given_at}", 5.0, Weight.MEDIUM, "ltr"))
    page.rule()
    return page.paper("waiting-list", "", "", kiosk)


def _money(content: TicketContent) -> dict[str, Any]:
    return dict(money(content.fee_minor or 0, content.currency))


class _Page:
    """Collects the lines of one paper in one leading language."""

    def __init__(self, language: str) -> None:
        self.language = Language(language)
        self.second = Language(_SECOND.get(language, "ar"))
        self.direction: Direction = self.language.direction
        self.ops: list[Op] = []

    def paper(self, kind: str, identifier: str, address: str, kiosk: str) -> Paper:
        """Close the paper with its code and the short id by which a complaint names it: the end, which is random."""
        if identifier:
            self.ops.append(Qr(address.replace("{id}", identifier) if address else identifier))
        short = identifier.replace("-", "")[-8:].upper() if kind != "test-page" else ""
        reference = " / ".join(part for part in (kiosk, short) if part)
        if reference:
            self.ops.append(Text(reference, 3.2, direction="ltr"))
        return Paper(kind, tuple(self.ops))

    def heading(self, centre: Words, service: Words | None) -> None:
        """Say where this is and for what, in both languages: the line that is read at the counter."""
        emblem = brand().picture("emblem")
        if emblem is not None:
            self.ops.append(Emblem(emblem, _EMBLEM_MM))
        self.text(self.language.words(centre), 3.0, Weight.MEDIUM, fixed=True)
        if service is None:
            return
        self.text(self.language.words(service), 5.0, Weight.BOLD, fixed=True)
        other = self.second.words(service)
        if other != self.language.words(service):
            self.text(other, 3.2, fixed=True, direction=self.second.direction)

    def number(self, content: TicketContent) -> None:
        """Say the number, and above it who is called first."""
        if content.priority != "none":
            self.space(1.5)
            self.banner("paper.priority")
            self.space(1.0)
        self.space(2.0)
        self.ops.append(Number(parted(content.number), sign=content.sign))
        self.space(2.0)

    def waiting(self, content: TicketContent) -> None:
        """Say how many come first, when it was, what to bring and what it costs, as far as it is known."""
        for line in () if content.ahead is None else content.ahead.said:
            self.say(line.msgid, 3.8, Weight.MEDIUM, **line.values)
        self.moment(content.issued_at)
        self.rule()
        if content.papers:
            comma = "، " if self.language.code == "ar" else ", "
            listed = comma.join(self.language.words(each) for each in content.papers)
            self.say_fixed("paper.papers", 3.2, papers=listed)
        if content.fee_minor is not None:
            message = "paper.fee" if content.fee_minor else "paper.free"
            self.say_fixed(message, 3.2, **_money(content))

    def order_number(self, number: str | None, *, large: bool = False) -> None:
        """Say the order's number, which a citizen can type."""
        if not number:
            return
        self.space(0.8)
        self.say_fixed("paper.order_number", 3.6)
        self.ops.append(Text(" ".join(grouped(number)), 6.0 if large else 5.0, Weight.BOLD, "ltr"))
        self.space(0.8)

    def wish(self, copies: int | None, for_whom: str) -> None:
        """Say how many were ordered, and for whom."""
        if copies is not None:
            self.say("copies.count", 3.6, n=copies)
        if for_whom:
            text = self.language.text("paper.for_whom", name=for_whom)
            self.ops.append(Text(text, 3.8, Weight.MEDIUM, self.direction, private=True))

    def moment(self, moment: datetime | None) -> None:
        """Say date and time, from left to right in every language."""
        if moment is not None:
            self.ops.append(Text(self.language.date_time(moment), 3.6, Weight.MEDIUM, "ltr"))

    def banner(self, message: str) -> None:
        """Say what must not be overlooked."""
        self.ops.append(Banner(self.language.text(message), 4.4, self.direction))

    def say(self, message: str, size_mm: float, weight: Weight = Weight.REGULAR, **values: object) -> None:
        """Say a message that differs from paper to paper."""
        self.text(self.language.text(message, **values), size_mm, weight)

    def say_fixed(self, message: str, size_mm: float, weight: Weight = Weight.REGULAR, **values: object) -> None:
        """Say a message that many papers bear alike."""
        self.text(self.language.text(message, **values), size_mm, weight, fixed=True)

    def repeat_fixed(self, message: str) -> None:
        """Say a message once more, smaller, in the other language."""
        self.text(self.second.text(message), 3.2, fixed=True, direction=self.second.direction)

    def text(
        self,
        text: str,
        size_mm: float,
        weight: Weight = Weight.REGULAR,
        *,
        fixed: bool = False,
        direction: Direction | None = None,
    ) -> None:
        """Add a paragraph."""
        self.ops.append(Text(text, size_mm, weight, direction or self.direction, fixed))

    def rule(self) -> None:
        """Part what is above from what is below."""
        self.ops += [Space(1.2), Rule(), Space(0.8)]

    def space(self, height_mm: float) -> None:
        """Leave paper blank."""
        self.ops.append(Space(height_mm))
