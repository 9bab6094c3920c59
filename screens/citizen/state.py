"""Articles about the kiosk itself: help, time limits, and whatever can't be done now."""

from kiosk.prompts import (
    Calling,
    CentreClosed,
    Closed,
    Done,
    HelpOffer,
    HelpResult,
    NotNow,
    OutOfService,
    OutReason,
    PowerGoing,
    QuotaFull,
    Starting,
)
from screens.articles.story import Action, Article, Tone
from screens.citizen.ticket import done
from screens.look.frame import Frame
from screens.widgets.face import Kind


def information(frame: Frame, kind: Kind = "main") -> Action:
    """Return the button that gives a number at the information desk."""
    return Action("help_ticket", frame.say("help.help_ticket"), "help_ticket", "ticket", kind)


def help_offer(prompt: HelpOffer, frame: Frame) -> Article:
    """C21. How it works, and who can be asked."""
    call = (Action("call", frame.say("help.call"), "call", "bell", "main"),) if prompt.can_call else ()
    actions = (*call, information(frame, "plain" if call else "main"))
    return Article("question", frame.say("help.title"), lines=(frame.say("help.how"),), actions=actions)


def calling(_prompt: Calling, frame: Frame) -> Article:
    """C21. The call is on its way."""
    return Article("hourglass", frame.say("help.calling"))


def help_result(prompt: HelpResult, frame: Frame) -> Article:
    """C21. What became of the call."""
    tones: dict[str, Tone] = {"asked": "calm", "seen": "good"}
    actions = (information(frame), done(frame)) if prompt.offers_number else (done(frame, "main"),)
    text = frame.say(f"help_result.{prompt.became}")
    return Article("bell", text, tones.get(prompt.became, "warn"), actions=actions)


def closed(prompt: Closed, frame: Frame) -> Article:
    """C10. A service is closed."""
    opens = () if prompt.opens is None else (frame.tell(prompt.opens),)
    lines = (frame.words(prompt.names), *opens, frame.say("closed.valid"))
    ok = Action("done", frame.say("common.ok"), Done(), "check", "main")
    return Article("moon", frame.say("closed.service"), lines=lines, actions=(ok,))


def centre_closed(prompt: CentreClosed, frame: Frame) -> Article:
    """C10. The centre is closed."""
    return Article("moon", frame.say("closed.title"), lines=(frame.tell(prompt.opens), frame.say("closed.valid")))


def quota_full(prompt: QuotaFull, frame: Frame) -> Article:
    """C11. No number left today."""
    lines = (frame.words(prompt.names), frame.say("quota.do"))
    ok = Action("done", frame.say("common.ok"), Done(), "check", "main")
    return Article("ticket", frame.say("quota.title"), "warn", lines, actions=(ok,))


def not_now(prompt: NotNow, frame: Frame) -> Article:
    """Something can't be done now."""
    lines = (frame.tell(prompt.why), frame.tell(prompt.what_to_do))
    ok = Action("done", frame.say("common.ok"), Done(), "check", "main")
    return Article("warning", frame.say("not_now.title"), "warn", lines, actions=(ok,))


def starting(_prompt: Starting, frame: Frame) -> Article:
    """C18. A moment, please."""
    return Article("hourglass", frame.say("starting.title"), lines=(frame.say("starting.valid"),))


def power_going(prompt: PowerGoing, frame: Frame) -> Article:
    """C17. The kiosk will stop."""
    lines = tuple(frame.tell(line) for line in prompt.what_holds)
    return Article("battery", frame.say("power.title"), "bad", lines)


_OUT_SIGNS = {
    OutReason.MAINTENANCE: "wrench",
    OutReason.CHANGING_PAPER: "printer",
    OutReason.PRINTER: "paper-out",
}


def out_of_service(prompt: OutOfService, frame: Frame) -> Article:
    """C19. What is wrong, what to do instead, and what comes next."""
    lines = tuple(frame.tell(line) for line in prompt.what_holds)
    return Article(_OUT_SIGNS.get(prompt.reason, "warning"), frame.say("out.title"), "bad", lines)
