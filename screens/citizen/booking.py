"""Articles about another day: which, for whom, and what came of it."""

from kiosk.prompts.booking import AskingCentral, ChooseSeat, ClaimEnded, EndClaim, NotBooked, SeatBooked
from screens.articles.story import Action, Article
from screens.citizen.ticket import done, information
from screens.look.frame import Frame

LATER = "later"
_ICONS = {"no-network": "warning", "timed-out": "hourglass", "late": "hourglass"}


def asking(prompt: AskingCentral, frame: Frame) -> Article:
    """Central is asked."""
    return Article("hourglass", frame.tell(prompt.title), lines=(frame.say("asking.wait"),))


def choose_seat(prompt: ChooseSeat, frame: Frame) -> Article:
    """How many people, or a few days, hours or times, and that there are later ones."""
    icon = "person" if prompt.step == "people" else "clock"
    actions = [Action(answer, frame.tell(words), answer, icon) for answer, words in prompt.choices]
    if prompt.has_later:
        actions.append(Action(LATER, frame.say("seat.later"), LATER, "more", "quiet"))
    return Article(icon, frame.say(f"seat.{prompt.step}"), lines=(frame.words(prompt.names),), actions=tuple(actions))


def seat_booked(prompt: SeatBooked, frame: Frame) -> Article:
    """When it is, and its digits, which serve without the paper."""
    digits = frame.language.left_to_right(f"{prompt.digits[:4]} {prompt.digits[4:]}")
    return Article(
        "check-circle",
        frame.say("booked.title"),
        "good",
        tuple(frame.tell(line) for line in prompt.what_to_do),
        facts=(
            ("", frame.words(prompt.names)),
            *(("", frame.tell(one)) for one in prompt.for_whom),
            (frame.say("booked.digits"), digits),
        ),
        slot=prompt.slot if prompt.is_printed else None,
        slot_text=frame.say(f"ticket.take_{prompt.slot}") if prompt.is_printed else "",
        actions=(done(frame, "main"),),
    )


def not_booked(prompt: NotBooked, frame: Frame) -> Article:
    """Nothing was done, why, and who can help."""
    lines = tuple(map(frame.tell, prompt.what_holds))
    on = prompt.way_on
    again = () if on is None else (Action("again", frame.tell(on), "again", "clock", "main"),)
    actions = (*again, information(frame, "plain" if again else "main"), done(frame))
    return Article(_ICONS.get(prompt.why, "cross"), frame.tell(prompt.title), "warn", lines, actions=actions)


def end_claim(prompt: EndClaim, frame: Frame) -> Article:
    """Whether it is really to be ended."""
    on = frame.say("claim_result.on", day=prompt.day, time=prompt.time)
    confirm = Action("confirm", frame.say("end_claim.confirm"), "confirm", "cross", "main")
    facts = (("", frame.words(prompt.names)),)
    lines = (on, frame.say("end_claim.what"))
    return Article("question", frame.say("end_claim.title"), "warn", lines, facts=facts, actions=(confirm,))


def claim_ended(prompt: ClaimEnded, frame: Frame) -> Article:
    """It was ended."""
    del prompt
    lines = (frame.say("claim_ended.thanks"),)
    return Article("check-circle", frame.say("claim_ended.title"), "good", lines, actions=(done(frame, "main"),))
