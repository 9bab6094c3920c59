"""Time limits, help, and every state in which the kiosk can not do what was asked."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Never

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import Chime, Notice, OutReason, Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class StillThere(Prompt[Choice]):
    """C9. Over the screen that waits: at least 20 s to answer by one large button (more_time), or end."""

    name: ClassVar[str] = "still_there"
    has_back: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True
    seconds: int = 20

    @property
    def chime(self) -> Chime | None:
        """Time runs out."""
        return Chime.WARNING


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Prompt[Done]):
    """One large button a language, each in its own script; it is `SwitchLanguage` that they answer."""

    name: ClassVar[str] = "language"
    has_help: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class VoiceOptions(Prompt[Done]):
    """C20. How loud and how fast it is spoken, in steps from what is set; each is offered as far as it goes."""

    name: ClassVar[str] = "voice"
    has_help: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True
    volume: int = 0
    speed: int = 0


@dataclass(frozen=True, slots=True)
class HelpOffer(Prompt[Choice]):
    """C21. What to do here; `call` where somebody takes it; `help_ticket` for a number at the information desk."""

    name: ClassVar[str] = "help"
    has_help: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True
    can_call: bool = False
    can_find: bool = False  # a number waits for its paper: `find_number`
    has_pay: bool = False  # there are bills that no service's tile asks about: `pay`

    @property
    def spoken(self) -> tuple[Text, ...]:
        """How it works, and who can be asked."""
        return (Text("help.how"), Text("speech.help_call" if self.can_call else "speech.help_ticket"))


@dataclass(frozen=True, slots=True)
class Calling(Notice):
    """The call is on its way."""

    name: ClassVar[str] = "calling"

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text("help.calling"),)


@dataclass(frozen=True, slots=True)
class HelpResult(Prompt[Done | Choice]):
    """C21. What became of the call: asked, then seen by somebody, or not answered; `help_ticket` where it was not."""

    name: ClassVar[str] = "help_result"
    has_help: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True
    became: Literal["asked", "seen", "unanswered", "not_sent"]

    @property
    def is_patient(self) -> bool:
        """While staff is waited for, nobody need touch anything: it ends by itself."""
        return self.became == "asked"

    @property
    def offers_number(self) -> bool:
        """Whether nobody comes, so that a number at the information desk is the way on."""
        return self.became in ("unanswered", "not_sent")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text(f"help_result.{self.became}"),)


@dataclass(frozen=True, slots=True)
class Closed(Prompt[Done | Choice]):
    """One service has closed since its tile was drawn; `opens` is a sentence where known."""

    name: ClassVar[str] = "closed"
    names: Words
    opens: Text | None = None
    opens_today: bool = False
    has_another_day: bool = False  # an appointment can be made: `another_day`

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Until when it is closed, and what becomes of numbers."""
        return (*(() if self.opens is None else (self.opens,)), _numbers(self.opens_today))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What is closed, and until when."""
        return (Text("closed.service"), Text("speech.words", {"words": self.names}), *self.what_holds)


def _numbers(opens_today: bool) -> Text:
    """Numbers are good for their day: what opens again on another one asks for new ones."""
    return Text("closed.valid" if opens_today else "closed.new_number")


@dataclass(frozen=True, slots=True)
class CentreClosed(Prompt[Never]):
    """C10. The centre is closed now: nothing to go back to, and nobody there who could help."""

    name: ClassVar[str] = "centre_closed"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    opens: Text | None
    opens_today: bool = False
    because: Text | None = None

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Why it is closed today, when it opens, and what becomes of numbers; each as far as known."""
        return (*(one for one in (self.because, self.opens) if one is not None), _numbers(self.opens_today))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text("closed.title"), *self.what_holds)


@dataclass(frozen=True, slots=True)
class QuotaFull(Prompt[Done | Choice]):
    """C11. No number left today for this service."""

    name: ClassVar[str] = "quota"
    names: Words
    has_another_day: bool = False

    @property
    def what_to_do(self) -> Text:
        """How to get there all the same."""
        return Text("quota.book" if self.has_another_day else "quota.do")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, with what is full."""
        return (Text("quota.title"), Text("speech.words", {"words": self.names}), self.what_to_do)


@dataclass(frozen=True, slots=True)
class NotNow(Prompt[Done | Choice]):
    """Something can't be done now, and why. Either the other services can still be used, or nothing much can."""

    name: ClassVar[str] = "not_now"
    why: Text
    others_work: bool = True

    @property
    def what_to_do(self) -> Text:
        """What the citizen can still do, or who helps."""
        return Text("not_now.other" if self.others_work else "not_now.ask")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What can't be done, why, and what can."""
        return (Text("not_now.title"), self.why, self.what_to_do)


@dataclass(frozen=True, slots=True)
class NotAnOrder(Prompt[Done]):
    """A code of something else was held to the reader while something was chosen; that goes on by itself."""

    name: ClassVar[str] = "not_an_order"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    is_aside: ClassVar[bool] = True

    @property
    def chime(self) -> Chime | None:
        """The scanner has read it: nobody need look at the screen to know that it was the wrong one."""
        return Chime.REFUSED

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text("outcome.unreadable"), Text("outcome.unreadable_do"))


@dataclass(frozen=True, slots=True)
class Starting(Notice):
    """C18. After a start or a power cut: a moment please; numbers already given stay valid."""

    name: ClassVar[str] = "starting"


@dataclass(frozen=True, slots=True)
class PowerGoing(Prompt[Never]):
    """C17, last step. The battery is nearly empty and the kiosk will stop; numbers already given stay valid."""

    name: ClassVar[str] = "power"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    minutes: int | None = None

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """When it stops, as far as known, and what stays."""
        when = () if self.minutes is None else (Text("power.minutes", {"n": self.minutes}),)
        return (*when, Text("power.valid"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text("power.title"), *self.what_holds)


@dataclass(frozen=True, slots=True)
class OutOfService(Prompt[Never]):
    """C19. What is wrong in plain words, who helps, and until when where somebody knows."""

    name: ClassVar[str] = "out"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    reason: OutReason
    until: Text | None = None
    has_others: bool = False  # another kiosk stands here, as the settings say

    @property
    def is_pause(self) -> bool:
        """Whether it is over in a moment: no fault, and nothing to go elsewhere for."""
        return self.reason is OutReason.CHANGING_PAPER

    @property
    def title(self) -> Text:
        """What this is."""
        return Text("out.pause" if self.is_pause else "out.title")

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """What is wrong, until when, what to do instead, and what comes next."""
        wrong = Text(f"out.{self.reason.value}")
        if self.is_pause:
            return (wrong, Text("starting.valid"))
        instead = Text("out.do_others" if self.has_others else "out.do")
        if self.reason in (OutReason.REVOKED, OutReason.NO_DAY):  # nobody here knows what its last numbers are worth
            return (wrong, instead, Text("out.check_number"))
        if self.until is None:
            return (wrong, instead, Text("out.next"))
        return (wrong, self.until, instead, Text("starting.valid"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (self.title, *self.what_holds)
