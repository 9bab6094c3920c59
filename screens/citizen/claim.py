"""Articles about a claim that was shown: an appointment, or a number from afar."""

from kiosk.prompts.choosing import TakeNumber
from kiosk.prompts.claim import ClaimResult, Elsewhere, ToCome
from screens.articles.story import Action, Article, Tone
from screens.citizen.ticket import done, information
from screens.look.frame import Frame
from screens.widgets.face import Kind

_SIGNS: dict[str, tuple[str, Tone]] = {
    "early": ("clock", "calm"),
    "other-day": ("clock", "warn"),
    "other-centre": ("building", "warn"),
    "used": ("ticket", "warn"),
    "expired": ("clock", "warn"),
    "withdrawn": ("cross", "warn"),
    "forged": ("warning", "bad"),
    "unverified": ("question", "warn"),
    "unreadable": ("qr", "warn"),
}


def claim_result(prompt: ClaimResult, frame: Frame) -> Article:
    """Why no number comes of it at once, and an ordinary one beside it."""
    icon, tone = _SIGNS[prompt.outcome]
    became = prompt.became
    centre = became.centre if isinstance(became, Elsewhere) else None
    facts = [("", frame.words(names)) for names in (prompt.names, centre) if names is not None]
    takes = prompt.outcome not in ("early", "other-day", "other-centre", "used")  # else that would be the wrong way
    kind: Kind = "main" if takes else "plain"
    take = information(frame, kind)
    if prompt.service is not None:
        take = Action("take", frame.say("claim_result.take"), TakeNumber(prompt.service), "ticket", kind)
    end = Action("end_claim", frame.say("claim_result.end"), "end_claim", "cross", "quiet")
    ends = (end,) if isinstance(became, ToCome) and became.can_end else ()
    actions = (take, done(frame)) if takes else (done(frame, "main"), take, *ends)
    return Article(
        icon,
        frame.tell(prompt.title),
        tone,
        tuple(frame.tell(line) for line in prompt.what_to_do),
        number=prompt.number,
        number_title=frame.say("common.your_number") if prompt.number else "",
        facts=() if prompt.number else tuple(facts),
        actions=actions,
    )
