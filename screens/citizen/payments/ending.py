"""The code that the telephone reads while its time runs down, and how a payment ended."""

import math
import time

from kiosk.prompts.paid import PaidWaiting, PayCode, PrintingPayment, ReceiptKnown
from kiosk.prompts.paper import CameOut
from kiosk.prompts.payment_ended import PaymentEnded, Receipted, Unpaid, can_print
from screens.articles.article import ArticleScreen
from screens.articles.story import Action, Article, Tone
from screens.citizen.payments.bill import cashier
from screens.citizen.ticket import done
from screens.look.frame import Frame

_SIGNS: dict[str, tuple[str, Tone]] = {
    "receipt": ("check-circle", "good"),
    "entered": ("check-circle", "good"),
    "entering": ("check-circle", "good"),
    "reference": ("document", "calm"),
    "bank": ("hourglass", "calm"),
    "expired": ("clock", "warn"),
    "withdrawn": ("clock", "warn"),
    "unknown": ("question", "warn"),
    "refund-due": ("warning", "warn"),
    "refunded": ("check-circle", "calm"),
}
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "genuine": ("check-circle", "good"),
    "forged": ("cross", "bad"),
    "unverified": ("question", "warn"),
    "unreadable": ("question", "warn"),
}
_LAST_MINUTE_S = 60


class PayCodeScreen(ArticleScreen):
    """Counts down by itself; central alone decides when it is over."""

    def __init__(self) -> None:
        super().__init__(self._article)
        self._since_s = time.monotonic()

    def resume(self) -> None:
        """Begin the countdown again."""
        super().resume()
        self._since_s = time.monotonic()

    def tick(self) -> bool:
        """Ask to be redrawn: another second has gone."""
        return True

    def _article(self, prompt: PayCode, frame: Frame) -> Article:
        left = max(0, math.ceil(prompt.seconds - (time.monotonic() - self._since_s)))
        lines: tuple[str, ...] = (frame.tell(prompt.amount),)
        if not prompt.late_days:
            is_last = left <= _LAST_MINUTE_S
            lasts = (
                frame.say("pay_code.seconds", n=left) if is_last else frame.say("pay_code.minutes", n=-(-left // 60))
            )
            lines = (*lines, lasts)
        i_paid = frame.say("pay_code.i_paid_bank" if prompt.late_days else "pay_code.i_paid")
        actions = (
            Action("i_paid", i_paid, "i_paid", "document", "main" if prompt.late_days else "plain"),
            cashier(frame),
            Action("stop", frame.say("pay_code.stop"), "stop", "cross", "quiet"),
        )
        return Article(
            "",
            frame.say("pay_code.title"),
            lines=lines,
            code=prompt.code,
            steps=tuple(frame.tell(step) for step in prompt.steps),
            actions=actions,
        )


def paid_waiting(prompt: PaidWaiting, frame: Frame) -> Article:
    """It is paid, and being entered."""
    stop = Action("stop", frame.say("paid.stop"), "stop", "document")
    facts = (("", _names(prompt, frame)), (frame.say("bill.amount"), frame.tell(prompt.amount)))
    return Article("check-circle", frame.say("paid.title"), "good", (frame.say("paid.entering"),), facts=facts,
                   actions=(stop,))  # fmt: skip


def _names(prompt: PaidWaiting | PaymentEnded, frame: Frame) -> str:
    return frame.say("pay.order_fee") if prompt.names is None else frame.words(prompt.names)


def payment_ended(prompt: PaymentEnded, frame: Frame) -> Article:
    """What became of it, its numbers, and what can be done now."""
    icon, tone = _SIGNS[prompt.ending]
    facts = [(_names(prompt, frame), frame.tell(prompt.amount))]
    if isinstance(prompt.became, Receipted):
        facts.append((frame.say("payment.receipt_no"), frame.language.left_to_right(prompt.became.number)))
    facts.append((frame.say("payment.bill_no"), frame.language.left_to_right(prompt.bill_no)))
    actions: list[Action] = []
    if isinstance(prompt.became, Unpaid) and prompt.became.can_retry:
        actions += [
            Action("again", frame.say("payment.again"), "again", "phone", "main"),
            Action("i_paid", frame.say("pay_code.i_paid"), "i_paid", "document"),
            cashier(frame),
        ]
    elif prompt.paper is not None and can_print(prompt.paper):
        actions.append(Action("reprint", frame.say("payment.print"), "reprint", "printer", "main"))
    is_alone = not actions
    slot = prompt.paper.slot if isinstance(prompt.paper, CameOut) else None
    return Article(
        icon,
        frame.tell(prompt.title),
        tone,
        tuple(frame.tell(line) for line in prompt.what_holds),
        facts=tuple(facts),
        slot=slot,
        slot_text="" if slot is None else frame.say(f"payment.take_{slot}"),
        actions=(*actions, done(frame, "main" if is_alone else "plain")),
    )


def receipt_known(prompt: ReceiptKnown, frame: Frame) -> Article:
    """What the code of a receipt is."""
    icon, tone = _VERDICTS[prompt.verdict]
    facts: tuple[tuple[str, str], ...] = ()
    if prompt.amount is not None:
        name = frame.say("pay.order_fee") if prompt.names is None else frame.words(prompt.names)
        number = frame.language.left_to_right
        facts = (
            (name, frame.tell(prompt.amount)),
            (frame.say("receipt_code.paid_at"), number(prompt.paid_at)),
            (frame.say("payment.receipt_no"), number(prompt.receipt)),
            (frame.say("payment.bill_no"), number(prompt.bill_no)),
        )
    actions = (done(frame, "main"),) if prompt.verdict == "genuine" else (done(frame, "main"), cashier(frame))
    return Article(icon, frame.say(f"receipt_code.{prompt.verdict}"), tone,
                   (frame.say(f"receipt_code.{prompt.verdict}_do"),), facts=facts, actions=actions)  # fmt: skip


def printing_payment(prompt: PrintingPayment, frame: Frame) -> Article:
    """A paper is on its way."""
    return Article("printer", frame.tell(prompt.title), progress=2)
