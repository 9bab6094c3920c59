"""One paper as it grows, line by line, in its leading language and the small one beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from common.city.brand.brand import brand
from common.city.money import money
from common.protocol.queue.claim import digits_of
from devices.paper import Banner, Direction, Emblem, Number, Op, Paper, Qr, Rule, Space, Text, Weight
from kiosk.desk.earlier_paper import TICKET_PREFIX
from kiosk.language import Language, grouped, parted
from kiosk.papers.contents import TicketContent, Words

_SECOND = {"ar": "en"}  # the language of the small lines; beside any other one it is Arabic
_EMBLEM_MM: Final = 10.0
_DIGITS_MM: Final = 5.0


class Page:
    """Collects the lines of one paper in one leading language."""

    def __init__(self, language: str) -> None:
        self.language = Language(language)
        self.second = Language(_SECOND.get(language, "ar"))
        self.direction: Direction = self.language.direction
        self.ops: list[Op] = []

    def ticket(self, kind: str, content: TicketContent) -> Paper:
        """Close a ticket with what names it on a later day: its code, beside it for whom that is, and its digits."""
        self.ops.append(Qr(content.page or TICKET_PREFIX + content.id))
        self.say_fixed("paper.follow" if content.page else "paper.for_staff", 3.2)
        digits = digits_of(content.id)
        self.ops.append(Text(f"{digits[:4]} {digits[4:]}", _DIGITS_MM, Weight.BOLD, "ltr"))
        return self.paper(kind, content.kiosk)

    def paper(self, kind: str, kiosk: str, identifier: str = "") -> Paper:
        """Close a paper with the kiosk, and the id of a record that is no ticket: as a code, and its end in letters.

        A complaint names a record by that end, which is random.
        """
        if identifier:
            self.ops.append(Qr(identifier))
        short = identifier.replace("-", "")[-8:].upper()
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
        if content.expected is not None:
            said = content.expected.said
            self.say(said.msgid, 4.2, Weight.BOLD, **said.values)
        for line in () if content.ahead is None else content.ahead.said:
            self.say(line.msgid, 3.8, Weight.MEDIUM, **line.values)
        self.moment(content.issued_at)
        self.rule()
        self.listed(content.papers)
        if content.fee_minor is not None:
            message = "paper.fee" if content.fee_minor else "paper.free"
            self.say_fixed(message, 3.2, money=money(content.fee_minor, content.currency))

    def listed(self, papers: Sequence[Words]) -> None:
        """Say what is to be brought, as far as it is known."""
        if papers:
            comma = "، " if self.language.code == "ar" else ", "
            self.say_fixed("paper.papers", 3.2, papers=comma.join(self.language.words(each) for each in papers))

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

    def notices(self, notices: Sequence[Words]) -> None:
        """Say what the municipality has to say to everybody, in both languages, apart from what is the ticket's."""
        for words in notices:
            self.rule()
            self.text(self.language.words(words), 3.6, Weight.MEDIUM)
            self.text(self.second.words(words), 3.2, direction=self.second.direction)

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

    def repeat(self, message: str, **values: object) -> None:
        """Say a message of this paper once more, smaller, in the other language."""
        self.text(self.second.text(message, **values), 3.2, direction=self.second.direction)

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
