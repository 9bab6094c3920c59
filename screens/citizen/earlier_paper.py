"""Articles about a paper that is shown once more: of an earlier day, or of today."""

from kiosk.language import parted
from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.earlier_paper import EarlierPaper, TicketOfToday
from kiosk.prompts.ui import Text
from screens.articles.story import Action, Article
from screens.citizen.ticket import done, information
from screens.look.frame import Frame


def earlier_paper(prompt: EarlierPaper, frame: Frame) -> Article:
    """A number for today, which the earlier paper is noted with."""
    facts = () if prompt.known is None else (("", frame.words(prompt.known.names)),)
    actions: list[Action] = []
    if prompt.service is not None:
        take = frame.say("earlier.take")
        actions.append(Action("take", take, TakeNumber(prompt.service), "ticket", "main"))
    other = frame.say("earlier.choose" if prompt.known is None else "earlier.other")
    actions.append(Action("more", other, "more", "document", "plain" if actions else "main"))
    lines = tuple(_told(line, frame) for line in prompt.what_holds)
    return Article("ticket", frame.say("earlier.title"), lines=lines, facts=facts, actions=tuple(actions))


def _told(line: Text, frame: Frame) -> str:
    """Return a sentence, a number in it from left to right."""
    number = line.values.get("number")
    if not isinstance(number, str):
        return frame.tell(line)
    return frame.tell(Text(line.msgid, {**line.values, "number": frame.language.left_to_right(parted(number))}))


def ticket_of_today(prompt: TicketOfToday, frame: Frame) -> Article:
    """A number of today: what to do with it, or that it was taken back or has passed."""
    is_voided, is_over = prompt.stands == "voided", prompt.stands in ("voided", "passed")
    if prompt.service is None:
        ways = done(frame, "main"), information(frame, "plain")
    else:
        ways = (
            Action("take", frame.say("todays.take"), TakeNumber(prompt.service), "ticket", "main"),
            done(frame, "plain"),
        )
    return Article(
        "cross" if is_voided else "ticket",
        frame.say("todays.void" if is_voided else "todays.over" if is_over else "todays.title"),
        "warn" if is_over else "calm",
        tuple(frame.tell(line) for line in prompt.what_holds),
        number=None if is_voided else prompt.number,
        number_title=frame.words(prompt.names),
        actions=ways,
    )
