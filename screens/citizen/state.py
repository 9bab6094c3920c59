"""Articles about the kiosk itself: help, time limits, and whatever can't be done now."""

import math
import time

from kiosk.prompts.choosing import Announcement, Done, Interrupted, NotToday, TakeNumber
from kiosk.prompts.state import (
    Calling,
    CentreClosed,
    ChooseLanguage,
    Closed,
    HelpOffer,
    HelpResult,
    NotAnOrder,
    NotNow,
    OutOfService,
    PowerGoing,
    QuotaFull,
    Starting,
    StillThere,
    VoiceOptions,
)
from kiosk.prompts.ui import VOICE_STEPS, OutReason, SetVoice, SwitchLanguage
from screens.articles.article import ArticleScreen
from screens.articles.story import Action, Article, Tone
from screens.citizen.ticket import another_day, done, information
from screens.look.frame import Frame


def help_offer(prompt: HelpOffer, frame: Frame) -> Article:
    """C21. How it works, and who can be asked."""
    call = (Action("call", frame.say("help.call"), "call", "bell", "main"),) if prompt.can_call else ()
    find = Action("find_number", frame.say("help.find_number"), "find_number", "printer")
    pay = Action("pay", frame.say("help.pay"), "pay", "cashier")
    earlier = Action("earlier", frame.say("help.earlier"), "earlier", "keypad", "quiet")
    asked = (*call, information(frame, "plain" if call else "main"))
    actions = (*asked, *((find,) if prompt.can_find else ()), *((pay,) if prompt.has_pay else ()), earlier)
    lines = (frame.say("help.how"),)
    return Article("question", frame.say("help.title"), lines=lines, scene="counter", actions=actions)


def announcement(prompt: Announcement, frame: Frame) -> Article:
    """Say what the municipality says to everybody."""
    return Article("info", frame.say("start.announcement"), lines=(frame.tell(prompt.text),), actions=(done(frame),))


def voice_options(prompt: VoiceOptions, frame: Frame) -> Article:
    """C20. How loud and how fast it is spoken."""
    least, most = -VOICE_STEPS, VOICE_STEPS
    ways = (
        ("louder", "speaker", SetVoice(louder=1), prompt.volume < most),
        ("quieter", "speaker", SetVoice(louder=-1), prompt.volume > least),
        ("faster", "next", SetVoice(faster=1), prompt.speed < most),
        ("slower", "back", SetVoice(faster=-1), prompt.speed > least),
    )
    actions = tuple(
        Action(name, frame.say(f"voice.{name}"), answer, icon, enabled=can) for name, icon, answer, can in ways
    )
    again = Action("done", frame.say("voice.again"), Done(), "check", "main")
    return Article("speaker", frame.say("voice.title"), actions=(again, *actions))


def choose_language(_prompt: ChooseLanguage, frame: Frame) -> Article:
    """Every language in its own words; the present one is marked."""
    actions = tuple(
        Action(
            f"language:{one.code}",
            one.own_name,
            SwitchLanguage(one.code),
            "language",
            selected=one.code == frame.language.code,
        )
        for one in frame.languages
    )
    return Article("language", frame.say("language.title"), actions=actions)


def calling(_prompt: Calling, frame: Frame) -> Article:
    """C21. The call is on its way."""
    return Article("hourglass", frame.say("help.calling"), scene="counter")


def help_result(prompt: HelpResult, frame: Frame) -> Article:
    """C21. What became of the call."""
    tones: dict[str, Tone] = {"asked": "calm", "seen": "good"}
    actions = (information(frame), done(frame)) if prompt.offers_number else (done(frame, "main"),)
    text = frame.say(f"help_result.{prompt.became}")
    scene = "counter" if prompt.became in tones else None
    return Article("bell", text, tones.get(prompt.became, "warn"), scene=scene, actions=actions)


def closed(prompt: Closed, frame: Frame) -> Article:
    """C10. A service is closed."""
    lines = (frame.words(prompt.names), *(frame.tell(line) for line in prompt.what_holds))
    actions = (_ok(frame), *another_day(frame, prompt.has_another_day), information(frame, "plain"))
    return Article("moon", frame.say("closed.service"), lines=lines, scene="closed", actions=actions)


def centre_closed(prompt: CentreClosed, frame: Frame) -> Article:
    """C10. The centre is closed."""
    lines = tuple(map(frame.tell, prompt.what_holds))
    return Article("moon", frame.say("closed.title"), lines=lines, scene="closed")


def interrupted(prompt: Interrupted, frame: Frame) -> Article:
    """A service stands still: a number all the same, or not."""
    lines = tuple(frame.tell(line) for line in prompt.what_holds)
    take = Action("take", frame.say("interrupted.take"), TakeNumber(prompt.service), "ticket", "plain")
    actions = (_back(frame), *((take,) if prompt.gives else ()), *another_day(frame, prompt.has_another_day))
    return Article("warning", frame.words(prompt.names), "warn", lines, actions=actions)


def not_today(prompt: NotToday, frame: Frame) -> Article:
    """A number that may not be called today, or a day and time on which it is."""
    lines = (frame.words(prompt.names), *map(frame.tell, prompt.what_holds))
    take = Action("take", frame.say("interrupted.take"), TakeNumber(prompt.service), "ticket", "main")
    actions = (take, *another_day(frame, True))
    return Article("hourglass", frame.say("ticket.may_not_be_today"), "warn", lines, actions=actions)


def quota_full(prompt: QuotaFull, frame: Frame) -> Article:
    """C11. No number left today."""
    lines = (frame.words(prompt.names), frame.tell(prompt.what_to_do))
    actions = (_ok(frame), *another_day(frame, prompt.has_another_day), information(frame, "plain"))
    return Article("ticket", frame.say("quota.title"), "warn", lines, actions=actions)


def not_now(prompt: NotNow, frame: Frame) -> Article:
    """Something can't be done now."""
    lines = (frame.tell(prompt.why), frame.tell(prompt.what_to_do))
    others = (information(frame, "plain"),) if prompt.others_work else ()
    return Article("warning", frame.say("not_now.title"), "warn", lines, actions=(_ok(frame), *others))


def not_an_order(_prompt: NotAnOrder, frame: Frame) -> Article:
    """A code of something else was read."""
    lines = (frame.say("outcome.unreadable_do"),)
    return Article("qr", frame.say("outcome.unreadable"), "warn", lines, actions=(_ok(frame),))


def _ok(frame: Frame) -> Action:
    return Action("done", frame.say("common.ok"), Done(), "check", "main")


def _back(frame: Frame) -> Action:
    return Action("done", frame.say("interrupted.back"), Done(), "back", "main")


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
    tone: Tone = "warn" if prompt.is_pause else "bad"
    return Article(_OUT_SIGNS.get(prompt.reason, "warning"), frame.tell(prompt.title), tone, lines)


class StillThereScreen(ArticleScreen):
    """C9, the warning before a visit ends: it counts down by itself, and the visit alone decides when it is over."""

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

    def _article(self, prompt: StillThere, frame: Frame) -> Article:
        left = max(0, math.ceil(prompt.seconds - (time.monotonic() - self._since_s)))
        more = Action("more_time", frame.say("still_there.more_time"), "more_time", "clock", "main")
        end = Action("end", frame.say("still_there.end"), "end", "cross")
        return Article(
            "hourglass",
            frame.say("still_there.title"),
            "warn",
            (frame.say("still_there.seconds", n=left),),
            actions=(more, end),
        )
