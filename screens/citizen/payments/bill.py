"""Articles before a payment: whose bill, how it is found, what is owed, and why not."""

from kiosk.prompts.payment import (
    BegunBefore,
    BillOrNumber,
    BillShown,
    ChooseOne,
    FindBill,
    NotPaid,
    Picked,
    TypeBillNumber,
)
from screens.articles.story import Action, Article
from screens.citizen.ticket import done
from screens.icons import of_service
from screens.look.frame import Frame
from screens.pad import Entry
from screens.widgets.face import Kind

_ICONS = {"no-network": "offline", "timed-out": "hourglass", "late": "hourglass", "payer-silent": "hourglass",
          "biller-silent": "hourglass", "unknown-or-nothing-due": "question", "being-paid": "clock"}  # fmt: skip


def cashier(frame: Frame, kind: Kind = "plain") -> Action:
    """Return the button that stands beside every way to pay: a number for the cashier."""
    return Action("counter", frame.say("pay.cashier"), "counter", "cashier", kind)


def choose_one(prompt: ChooseOne, frame: Frame) -> Article:
    """A few billers or payers, and that there are more."""
    icon = "document" if prompt.what == "biller" else "phone"
    actions = [Action(f"pick:{code}", frame.words(names), Picked(code), icon) for code, names in prompt.choices]
    if prompt.has_more:
        actions.append(Action("more", frame.say("common.next_page"), "more", "more", "quiet"))
    title, hint = frame.say(f"pay_choose.{prompt.what}"), frame.say(f"pay_choose.{prompt.what}_hint")
    return Article(icon, title, lines=(hint,), actions=(*actions, cashier(frame, "quiet")))


def bill_or_number(prompt: BillOrNumber, frame: Frame) -> Article:
    """Paid here by telephone, or a number for the cashier."""
    phone = Action("pay_here", frame.say("bill_or_number.phone"), "phone", "phone", "main")
    hint = frame.say("bill_or_number.hint")
    return Article(
        of_service(prompt.service), frame.words(prompt.names), lines=(hint,), actions=(phone, cashier(frame))
    )


def find_bill(prompt: FindBill, frame: Frame) -> Article:
    """Hold the paper bill to the reader where that works, else type its number."""
    lines = tuple(frame.tell(line) for line in prompt.what_to_do)
    typed = Action("type_number", frame.say("find_bill.type_number"), "type_number", "keypad", "main")
    return Article(
        "document",
        frame.words(prompt.names),
        "warn" if prompt.problem else "calm",
        lines,
        slot=prompt.place if prompt.scans else None,
        slot_text=frame.say(f"hold_code.scanner_{prompt.place}") if prompt.scans and prompt.place else "",
        actions=(typed, cashier(frame)),
    )


def bill_number(prompt: TypeBillNumber, frame: Frame) -> Entry:
    """A number of the paper bill."""
    return Entry(
        frame.tell(prompt.title),
        frame.say("bill_number.wrong") if prompt.is_wrong else "",
        length=prompt.length,
        shortest=prompt.shortest,
        delete=frame.say("type_number.delete"),
        ok=frame.say("type_number.ok"),
        icon="document",
    )


def bill(prompt: BillShown, frame: Frame) -> Article:
    """What is owed, to whom, until when and by whom, before anything is paid."""
    masked = prompt.name_masked or ""
    asked = (
        (frame.say("bill.due"), frame.language.left_to_right(prompt.due or "")),
        (frame.say("bill.period"), frame.language.left_to_right(prompt.period or "")),
        (frame.say("bill.name"), frame.language.left_to_right(f"{masked}\u200e") if masked.isascii() else masked),
    )
    facts = tuple((head, text) for head, text in asked if text.strip("\u200e"))
    actions = [Action("phone", frame.say("bill.pay"), "phone", "phone", "main")]
    if prompt.others:
        actions.append(Action("other", frame.say("bill.other", n=prompt.others), "other", "next"))
    owed, name = frame.say("bill.owed", amount=frame.tell(prompt.amount)), frame.words(prompt.names)
    actions.append(cashier(frame))
    if frame.theme.easy:  # the amount is on the first page, however small the panel is
        return Article("", owed, lines=(name,), facts=facts, actions=tuple(actions))
    return Article("document", name, lines=(owed,), facts=facts, actions=tuple(actions))


def begun_before(prompt: BegunBefore, frame: Frame) -> Article:
    """A payment of this bill was begun before: when, where, and what a new one does to it."""
    lines = tuple(frame.tell(line) for line in prompt.what_to_do)
    facts = (
        (frame.say("begun_before.at"), frame.language.left_to_right(prompt.at)),
        (frame.say("begun_before.place"), frame.words(prompt.place)),
    )
    again = Action("again", frame.say("begun_before.again"), "again", "phone")
    actions = (done(frame, "main"), again, cashier(frame))
    return Article("clock", frame.tell(prompt.title), "warn", lines, facts=facts, actions=actions)


def not_paid(prompt: NotPaid, frame: Frame) -> Article:
    """Nothing was paid, why, and the other way."""
    lines = (frame.tell(prompt.reason), frame.tell(prompt.advice))
    again = (Action("again", frame.say("pay.again"), "again", "back"),) if prompt.can_retry else ()
    actions = (cashier(frame, "main"), *again, done(frame))
    return Article(_ICONS.get(prompt.why, "warning"), frame.tell(prompt.title), "warn", lines, actions=actions)
