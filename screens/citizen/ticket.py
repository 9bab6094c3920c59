"""Articles about a ticket: being printed, in the slot, only on the screen."""

from kiosk.language import parted
from kiosk.prompts.choosing import Done
from kiosk.prompts.ticket import Outlook, PrintingTicket, TakeTicket, TicketOnScreen, Voided
from kiosk.prompts.ui import Text
from screens.articles.story import Action, Article
from screens.look.frame import Frame
from screens.widgets.face import Kind


def done(frame: Frame, kind: str = "plain") -> Action:
    """Return the button that ends an article."""
    main = kind == "main"
    return Action("done", frame.say("common.done"), Done(), "check", "main" if main else "plain")


def information(frame: Frame, kind: Kind = "main") -> Action:
    """Return the button that gives a number at the information desk."""
    return Action("help_ticket", frame.say("help.help_ticket"), "help_ticket", "ticket", kind)


def another_day(frame: Frame, is_offered: bool) -> tuple[Action, ...]:
    """Return the button that leads to an appointment, where there are some."""
    book = Action("another_day", frame.say("service.another_day"), "another_day", "clock")
    return (book,) if is_offered else ()


def printing(prompt: PrintingTicket, frame: Frame) -> Article:
    """C4. The number is safe and large where it stays, the paper is on its way."""
    name = frame.words(prompt.names) if prompt.names else ""
    if prompt.number and not frame.theme.tiny:
        return Article(
            "",
            frame.say("common.your_number"),
            "good",
            progress=2,
            number=prompt.number,
            number_title=name,
            slot="below",
            slot_text=frame.tell(prompt.title),
            slot_icon="printer",
        )
    return Article(
        "printer",
        frame.tell(prompt.title),
        progress=2,
        number=prompt.number,
        number_title=name or frame.say("common.your_number"),
        lines=(name,) if name and not prompt.number else (),
    )


def _priority(has_priority: bool, frame: Frame) -> tuple[str, ...]:
    return (frame.say("ticket.priority"),) if has_priority else ()


def _claim(claim: Text | None, frame: Frame) -> tuple[str, ...]:
    return () if claim is None else (frame.tell(claim),)


def take_ticket(prompt: TakeTicket, frame: Frame) -> Article:
    """C5. The paper is in the slot: an arrow shows where."""
    warning, counted, beside = _outlook(prompt.ahead, frame)
    notes = (*_priority(prompt.has_priority, frame), *counted)
    # An earlier paper, and what closes today, say more than that a number is called: all have no room on ten inches.
    waits = () if warning else (frame.say("ticket.wait"),)
    lines: tuple[str, ...] = (*(_claim(prompt.claim, frame) or waits), *beside)
    if prompt.is_offline:
        lines = (*lines, frame.say("ticket.valid_offline"))
    copy = f" ({frame.say('common.copy')})" if prompt.is_copy else ""
    return Article(
        "",
        frame.say("common.your_number") + copy,
        "good",
        lines,
        number=prompt.number,
        number_title=frame.words(prompt.names),
        number_notes=notes,
        number_warning=warning,
        slot=prompt.slot,
        slot_text=frame.say(f"ticket.take_{prompt.slot}"),
        scene="ticket",
        actions=(done(frame), *_corrections(frame, prompt.can_undo, prompt.can_say_priority)),
    )


def ticket_on_screen(prompt: TicketOnScreen, frame: Frame) -> Article:
    """C14, C15. The number counts, though there is no paper."""
    reprint = Action("reprint", frame.say("screen_ticket.reprint"), "reprint", "printer", "main")
    warning, counted, beside = _outlook(prompt.ahead, frame)
    return Article(
        "printer" if prompt.is_mended else "paper-out",
        frame.say("screen_ticket.title"),
        "good" if prompt.is_mended else "warn",
        (*(frame.tell(line) for line in prompt.what_holds), *beside),
        number=prompt.number,
        number_title=frame.words(prompt.names),
        number_notes=(
            *_claim(prompt.claim, frame),
            *_priority(prompt.has_priority, frame),
            *counted,
        ),
        number_warning=warning,
        code=prompt.code,
        actions=(
            *((reprint, done(frame)) if prompt.can_reprint else (done(frame, "main"),)),
            *_corrections(frame, prompt.can_undo, False),
        ),
    )


def _outlook(ahead: Outlook | None, frame: Frame) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return that the turn may not come today, or not before closing; what was counted, on the number's card or beside.

    The card of a small panel has no room for a warning and all that was counted.
    """
    if ahead is None:
        return "", (), ()
    warning = " ".join(frame.tell(line) for line in ahead.closing)
    counted = tuple(frame.tell(line) for line in ahead.counted)
    return (warning, (), counted) if warning and frame.theme.tiny else (warning, counted, ())


def _corrections(frame: Frame, can_undo: bool, can_say_priority: bool) -> tuple[Action, ...]:
    """Return what can still be put right: a wrong touch, a priority that was not said."""
    undo = Action("undo", frame.say("ticket.undo"), "undo", "cross", "quiet")
    priority = Action("priority", frame.say("start.priority_short"), "priority", "elderly", "quiet")
    return (*((priority,) if can_say_priority else ()), *((undo,) if can_undo else ()))


def voided(prompt: Voided, frame: Frame) -> Article:
    """A wrong touch was taken back."""
    title = frame.say("voided.title", number=frame.language.left_to_right(parted(prompt.number)))
    lines = tuple(frame.tell(line) for line in prompt.what_to_do)
    return Article("cross", title, "warn", lines, actions=(done(frame, "main"),))
