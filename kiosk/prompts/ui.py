"""What all prompts are made of: texts not yet in a language, controls, and the protocols that carry prompts."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol

type Words = Mapping[str, str]  # text that comes from data, by language code: {"ar": ..., "en": ...}


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogues, not yet in any language; a value `n` chooses the plural form."""

    msgid: str
    values: Mapping[str, str | int | date | Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether something is offered now, and if not, the sentence that says why."""

    is_offered: bool = True
    why_not: Text | None = None


OFFERED = Availability()


class Priority(StrEnum):
    """Who is called first; the values are those of the ticket's item."""

    NONE = "none"
    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"


class Trouble(StrEnum):
    """Why there is no paper in the citizen's hand; texts are `fault.<value>`."""

    PAPER_OUT = "paper_out"
    JAM = "jam"
    COVER_OPEN = "cover_open"
    PRINTER_LOST = "printer_lost"  # unplugged, off, or none fitted
    FAULT = "fault"  # cutter, overheating, anything a technician must see to
    UNKNOWN = "unknown"  # the data went out and nobody confirmed it: there may be a paper, or not


class OutReason(StrEnum):
    """Why the whole kiosk serves nobody; texts are `out.<value>`."""

    MAINTENANCE = "maintenance"
    NO_DAY = "no_day"  # no business day is open, and the clock may open none
    STORE = "store"  # disk full, damaged, unwritable
    MOVED_DISK = "moved_disk"  # this store belongs to another machine
    REVOKED = "revoked"  # central has taken this kiosk's rights away
    CHANGING_PAPER = "changing_paper"
    PRINTER = "printer"  # this centre gives no number without paper
    UNEXPECTED = "unexpected"  # a fault of ours that keeps coming back


class Chime(StrEnum):
    """What a short sound tells of, beside what is shown."""

    NUMBER = "number"  # there is one
    WARNING = "warning"  # time runs out
    SCAN = "scan"  # a code was read
    REFUSED = "refused"  # it was a code of something else


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is drawn until the visit ends."""

    language: str = "ar"
    is_accessible: bool = False  # big text, high contrast
    is_low: bool = False  # everything that can be touched within reach from a wheelchair
    has_speech: bool = False
    volume: int = 0  # steps above or below what the settings say, VOICE_STEPS at most
    speed: int = 0

    @property
    def needs_time(self) -> bool:
        """Return whether somebody reads or listens who is slower than others at it."""
        return self.is_accessible or self.has_speech


VOICE_STEPS = 3


@dataclass(frozen=True, slots=True)
class StatusStrip:
    """The line above every screen. A clock that can't be trusted shows nothing."""

    centre: Words
    clock: str | None = None  # "09:05"
    is_offline: bool = False
    battery_minutes: int | None = None  # None: on mains; 0: on battery, time unknown


# Controls: what can be touched on (almost) every screen. The visit answers them, flows never see them.


@dataclass(frozen=True, slots=True)
class Back:
    """One step back; out of the first step it ends the flow."""


@dataclass(frozen=True, slots=True)
class Home:
    """End the visit."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """The other language, by its code."""

    language: str


@dataclass(frozen=True, slots=True)
class OpenLanguages:
    """The languages to choose from, where there are more than two."""


@dataclass(frozen=True, slots=True)
class SetAccessible:
    """Big text and high contrast on or off; the voice is another choice."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SetSpeech:
    """Screens are read aloud, or no longer; a first touch only says what it is on while they are."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SetLow:
    """What can be touched within reach from a wheelchair, or where it usually is."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class AdjustVoice:
    """How loud and how fast it is spoken, and whether at all."""


@dataclass(frozen=True, slots=True)
class SetVoice:
    """Speak this many steps louder and faster, and say the screen again."""

    louder: int = 0
    faster: int = 0


@dataclass(frozen=True, slots=True)
class AskForHelp:
    """The help button."""


@dataclass(frozen=True, slots=True)
class OpenMaintenance:
    """The technician's hidden gesture: two opposite corners for 3 s."""


type Control = (
    Back
    | Home
    | SwitchLanguage
    | OpenLanguages
    | SetAccessible
    | SetSpeech
    | SetLow
    | AdjustVoice
    | SetVoice
    | AskForHelp
    | OpenMaintenance
)


class Prompt[A]:
    """A screen that waits for an answer of type A. `Prompt[Never]` waits for nothing but controls."""

    __slots__ = ()
    name: ClassVar[str]
    has_back: ClassVar[bool] = True  # draw Back and Home
    has_help: ClassVar[bool] = True  # draw Help
    is_aside: ClassVar[bool] = False  # what it was asked over goes on after it: typed digits and the page stay
    takes_code: ClassVar[bool] = False  # an order's code held to the reader leads away from it: nothing is given yet

    @property
    def chime(self) -> Chime | None:
        """What is heard when it comes, by everybody; it is never all that tells of it."""
        return None

    @property
    def is_personal(self) -> bool:
        """Whether it shows personal data: then the warning comes after 30 s instead of 45 s."""
        return False

    @property
    def is_patient(self) -> bool:
        """Whether it waits for something else than a touch, so that no time limit runs."""
        return False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What speech says of the screen, in order; `number` in a text is the prompt's own, to be spelled."""
        return (Text(f"speech.{self.name}"),)


class Notice:
    """A screen that waits for nobody; it stays until the next prompt or notice."""

    __slots__ = ()
    name: ClassVar[str]

    @property
    def chime(self) -> Chime | None:
        """What is heard when it comes, as for a prompt."""
        return None

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What speech says of the screen, as for a prompt."""
        return (Text(f"speech.{self.name}"),)


class Ui(Protocol):
    """What flows talk to."""

    async def ask[A](self, prompt: Prompt[A]) -> A:
        """Show the prompt and return the citizen's answer. Raises FlowEnded when the citizen goes back or away."""

    async def ask_briefly[A, B](
        self, prompt: Prompt[A], seconds: Callable[[], float], event: Callable[[], Awaitable[B]] | None = None
    ) -> A | B | None:
        """Ask, and go on with None once nobody has touched anything for that long; nothing may be lost by it.

        `seconds` is asked again after each touch: it may have switched the voice on. What the event brings is taken
        for an answer too, once help, languages or voice over it are left.
        """

    async def ask_until[A, B](
        self, prompt: Prompt[A], event: Callable[[], Awaitable[B]], *, in_peace: bool = False
    ) -> A | B:
        """Ask, and take what the event brings for an answer too; a touch counts before it.

        `in_peace`: only once the citizen has left the help, the languages or the voice that stand over it.
        """

    async def help_is_over(self) -> None:
        """Return once nothing stands over what was asked first: no help, languages or voice."""

    def undisturbed(self) -> AbstractContextManager[None]:
        """Let no event that is waited for end what is done in here, until it is done."""

    def show(self, notice: Notice) -> None:
        """Show the notice and return at once."""


class Display(Protocol):
    """What draws: the window, or a script in tests. The visit drives it; all calls come from its event loop.

    `ask` answers once per call and takes no touch before the screen is drawn. It can be cancelled (a scan came first);
    the picture stays then. Asking an equal prompt again, or after an aside, continues it: typed digits and the page
    stay.
    """

    on_touch: Callable[[], None] | None  # called at every accepted touch, for the inactivity limit

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        """Show the prompt; return its answer or the control that was touched."""

    def show(self, notice: Notice) -> None:
        """Show the notice."""

    def set_look(self, look: Look) -> None:
        """Redraw in this look, from now on."""

    def set_strip(self, strip: StatusStrip) -> None:
        """Change the status strip, on whatever is shown."""

    def forget(self) -> None:
        """Drop everything the visit has put into widgets, textures and logs: the citizen has gone."""
