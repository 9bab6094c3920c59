"""Articles about an order: holding the code, the ways to order, the card, and every outcome."""

from kiosk.prompts.order import ChooseCopies, ChooseWay, ConfirmIdentity, HoldCode, OrderResult, PhoneOrder, PresentCard
from kiosk.prompts.paper import CameOut
from kiosk.prompts.ui import Availability
from screens.articles.story import Action, Article, Tone
from screens.citizen.ticket import done, information
from screens.look.frame import Frame
from screens.widgets.face import Kind

_SIGNS: dict[str, tuple[str, Tone]] = {
    "unreadable": ("qr", "warn"),
    "forged": ("warning", "bad"),
    "accepted_unverified": ("clock", "warn"),
    "ask_counter": ("person", "warn"),
    "collected": ("check-circle", "warn"),
    "ready": ("check-circle", "good"),
    "in_progress": ("hourglass", "calm"),
    "by_post": ("post", "calm"),
    "repeated": ("document", "warn"),
    "other_centre": ("building", "warn"),
    "unknown_service": ("question", "warn"),
    "expired": ("clock", "warn"),
    "accepted_unpaid": ("cashier", "warn"),
    "accepted": ("check-circle", "good"),
}


def offered(
    frame: Frame, name: str, text: str, answer: object, icon: str, given: Availability, kind: Kind = "plain"
) -> Action:
    """Return a button that says why where it isn't offered."""
    note = frame.tell(given.why_not) if given.why_not and not given.is_offered else ""
    return Action(name, text, answer, icon, kind, note, given.is_offered)


def hold_code(prompt: HoldCode, frame: Frame) -> Article:
    """C6. Hold the phone to the reader; after two failures the number pad comes first."""
    steps = tuple(frame.say(f"hold_code.step_{step}") for step in ("open", "bright", "hold"))
    first = prompt.failures >= 2 or not prompt.scanner.is_offered
    typed = frame.say("hold_code.type_number")
    actions = [Action("type_number", typed, "type_number", "keypad", "main" if first else "plain")]
    if prompt.help_ticket:
        help_text = frame.say("hold_code.help_ticket")
        actions.append(Action("help_ticket", help_text, "help_ticket", "ticket", "main"))
    new_order = frame.say("hold_code.new_order")
    actions.append(offered(frame, "new_order", new_order, "new_order", "document", prompt.new_order))
    if not prompt.scanner.is_offered and prompt.scanner.why_not:  # then there is nothing to hold a phone to
        do = frame.say("hold_code.no_reader_do")
        return Article("phone", frame.tell(prompt.scanner.why_not), "warn", (do,), actions=tuple(actions))
    lines = (frame.say("hold_code.try_again"),) if prompt.failures else ()
    return Article(
        "phone",
        frame.say("hold_code.title"),
        "warn" if lines else "calm",
        lines,
        steps=steps,
        slot=prompt.place,
        slot_text=frame.say(f"hold_code.scanner_{prompt.place}") if prompt.place else "",
        scene="phone",
        place=prompt.place,
        actions=tuple(actions),
    )


def choose_way(prompt: ChooseWay, frame: Frame) -> Article:
    """How to order this document."""
    ways = [offered(frame, "phone", frame.say("way.phone"), "phone", "phone", prompt.phone, "main")]
    if prompt.card is not None:
        ways.append(offered(frame, "card", frame.say("way.card"), "card", "card", prompt.card))
    ways.append(offered(frame, "counter", frame.say("way.counter"), "counter", "ticket", prompt.counter))
    return Article(
        "document",
        frame.say("way.title"),
        lines=(frame.words(prompt.names),),
        actions=tuple(ways),
    )


def phone_order(prompt: PhoneOrder, frame: Frame) -> Article:
    """A code that the phone reads."""
    steps = tuple(frame.say(f"phone.step_{step}") for step in ("camera", "fill", "return"))
    return Article(
        "phone",
        frame.say("phone.title"),
        lines=(frame.words(prompt.names),),
        code=prompt.url,
        steps=steps,
        actions=(done(frame),),
    )


def present_card(prompt: PresentCard, frame: Frame) -> Article:
    """Hold the identity card to the reader."""
    lines = (frame.words(prompt.names), frame.say("present_card.hold"))
    if prompt.problem is not None:
        lines = (frame.tell(prompt.problem), frame.say("present_card.hold"))
    counter = Action("counter", frame.say("present_card.counter"), "counter", "ticket")
    tone: Tone = "warn" if prompt.problem else "calm"
    return Article(
        "card",
        frame.say("present_card.title"),
        tone,
        lines,
        slot=prompt.place,
        slot_text=frame.say(f"hold_code.scanner_{prompt.place}") if prompt.place else "",
        scene="card",
        place=prompt.place,
        actions=(counter,),
    )


def confirm_identity(prompt: ConfirmIdentity, frame: Frame) -> Article:
    """Is this you? Never the whole number; covered after a while."""
    actions = (
        Action("confirm", frame.say("confirm.yes"), "confirm", "check", "main"),
        Action("not_me", frame.say("confirm.no"), "not_me", "cross"),
    )
    if prompt.is_covered:
        cover = Action("show_again", frame.say("confirm.show_again"), "show_again", "person")
        lines = (frame.say("confirm.covered"), frame.say("confirm.privacy"))
        return Article("card", frame.say("confirm.title"), lines=lines, actions=(cover, *actions))
    name = frame.say("confirm.name", first_name=prompt.first_name)
    fee = () if prompt.fee is None else ((frame.say("service.fee"), frame.tell(prompt.fee)),)
    ending = frame.say("confirm.number", last_four=frame.language.left_to_right(prompt.last_four))
    return Article(
        "card",
        frame.say("confirm.title"),
        lines=(frame.say("confirm.privacy"),),
        facts=((_wanted(prompt, frame), name), ("", ending), *fee),
        actions=actions,
    )


def _wanted(prompt: ConfirmIdentity, frame: Frame) -> str:
    return frame.say("copies.of", name=frame.words(prompt.names), copies=frame.say("copies.count", n=prompt.copies))


def choose_copies(prompt: ChooseCopies, frame: Frame) -> Article:
    """How many of it."""
    actions = tuple(
        Action(f"copies:{n}", frame.say("copies.count", n=n), n, "document", "main" if n == 1 else "plain")
        for n in range(1, prompt.most + 1)
    )
    return Article("document", frame.say("copies.title"), lines=(frame.words(prompt.names),), actions=actions)


def _facts(prompt: OrderResult, frame: Frame) -> tuple[tuple[str, str], ...]:
    facts, of = [], prompt.of
    name = "" if of.names is None else frame.words(of.names)
    if name and of.copies is not None:
        name = frame.say("copies.of", name=name, copies=frame.say("copies.count", n=of.copies))
    if of.order_number is not None:  # what a citizen may have to write down is the larger of the two
        number = frame.language.order_number(of.order_number)
        facts.append((name, frame.say("result.order_number", order_number=number)))
    elif name:
        facts.append(("", name))
    if prompt.for_whom:
        facts.append(("", frame.say("result.for_whom", name=prompt.for_whom)))
    if prompt.fee is not None:
        facts.append(("", frame.say("result.fee", fee=frame.tell(prompt.fee))))
    return (*facts, *(("", frame.tell(one)) for one in prompt.where_and_when))


def order_result(prompt: OrderResult, frame: Frame) -> Article:
    """C8. What became of the order, and what to do now."""
    icon, tone = _SIGNS[prompt.outcome]
    actions: tuple[Action, ...] = (done(frame, "main"),)
    if prompt.offers_number:
        actions = (information(frame), done(frame))
    if prompt.can_pay:
        pay = Action("pay", frame.say("bill.pay"), "pay", "phone", "main")
        actions = (pay, done(frame))
    if prompt.can_reprint:
        actions = (Action("reprint", frame.say("result.reprint"), "reprint", "printer", "main"), done(frame))
    slot = prompt.paper.slot if isinstance(prompt.paper, CameOut) else None
    return Article(
        icon,
        frame.say(f"outcome.{prompt.outcome}"),
        tone,
        tuple(frame.tell(line) for line in (*prompt.told_meanwhile, *prompt.what_to_do)),
        number=prompt.ticket_number,
        number_title=frame.say("result.ticket") if prompt.ticket_number else "",
        facts=_facts(prompt, frame),
        slot=slot,
        slot_text="" if slot is None else frame.say(f"ticket.take_{slot}"),
        scene=None if slot is None else "ticket",
        actions=actions,
    )
