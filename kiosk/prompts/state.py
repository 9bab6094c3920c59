"""Time limits, help, and every state in which the kiosk can not do what was asked."""

from dataclasses import dataclass
from typing import ClassVar, Never

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import OFFERED, Availability, Notice, OutReason, Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class StillThere(Prompt[Choice]):
    """C9. Over the screen that waits: at least 20 s to answer by one large button (more_time), or end."""

    name: ClassVar[str] = "still_there"
    has_back: ClassVar[bool] = False
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class HelpOffer(Prompt[Choice]):
    """C21. What to do here, and `call` for a member of staff; `help_ticket` for a number at the help desk."""

    name: ClassVar[str] = "help"
    has_help: ClassVar[bool] = False
    call: Availability = OFFERED


@dataclass(frozen=True, slots=True)
class HelpResult(Prompt[Done]):
    """C21. Whether the call went out."""

    name: ClassVar[str] = "help_result"
    has_help: ClassVar[bool] = False
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Closed(Prompt[Done]):
    """One service has closed since its tile was drawn; `opens` is a sentence where known."""

    name: ClassVar[str] = "closed"
    names: Words
    opens: Text | None = None


@dataclass(frozen=True, slots=True)
class CentreClosed(Prompt[Never]):
    """C10. The centre is closed now: nothing to go back to, and nobody there who could help."""

    name: ClassVar[str] = "centre_closed"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    opens: Text


@dataclass(frozen=True, slots=True)
class QuotaFull(Prompt[Done]):
    """C11. No number left today for this service."""

    name: ClassVar[str] = "quota"
    names: Words


@dataclass(frozen=True, slots=True)
class NotNow(Prompt[Done]):
    """One operation can't be offered now, and why; the others can."""

    name: ClassVar[str] = "not_now"
    why: Text


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


@dataclass(frozen=True, slots=True)
class OutOfService(Prompt[Never]):
    """C19. What is wrong in plain words, who helps, and until when where somebody knows."""

    name: ClassVar[str] = "out"
    has_back: ClassVar[bool] = False
    has_help: ClassVar[bool] = False
    reason: OutReason
    until: Text | None = None
