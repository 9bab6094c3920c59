"""The question on a ticket's page: whether it was done, and how it was."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.insight.public import asking
from central.insight.public.texts import Language, tell
from common.web.templates import template
from features.feedback.central.answering import has_answered, take
from features.feedback.wire import ANSWERS, Face, Served

_HERE: Final = Path(__file__).parent
#: The best first, each with the line of its mouth.
_FACES: Final = ((3, "M7 14q5 5 10 0"), (2, "M7 15h10"), (1, "M7 17q5-5 10 0"))


class Answer(asking.Answer, frozen=True, forbid_unknown_fields=True):
    """What is sent: whether it was done and a face, or that nobody wants to be asked."""

    served: Served | None = None
    face: Face | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where it is half an answer, or one and none at once."""
        if {self.served is None, self.face is None} != {self.stop}:
            raise ValueError("expected served and face, or stop")


async def _stands(connection: AsyncConnection, ticket: Row[Any]) -> str:
    return "answered" if await has_answered(connection, ticket) else "now"


def _draw(stands: str, language: Language) -> str:
    drawn = template(_HERE / "files" / "asked.html")
    folder = _HERE / "locale"
    return drawn.render(
        stands=stands, t=lambda text_id: tell(language, text_id, folder=folder), answers=ANSWERS, faces=_FACES
    )


async def _take(connection: AsyncConnection, ticket: Row[Any], sent: asking.Answer) -> bool:
    if isinstance(sent, Answer) and sent.served is not None and sent.face is not None:
        return await take(connection, ticket, (sent.served, sent.face))
    return await take(connection, ticket, None)


ASKING: Final = asking.Asking(
    Answer,
    '{"served": yes, papers, down, elsewhere or other, "face": 1 to 3} or {"stop": true}',
    _stands,
    _draw,
    _HERE / "files" / "asked.css",
    _take,
)
