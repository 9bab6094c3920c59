"""What a visitor says of his visit once it is over: without a name, and once a ticket."""

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta

from common.feature import FeatureBody
from common.protocol.field import Token, Uuid

Served = Literal["yes", "papers", "down", "elsewhere", "other"]
"""Whether it was done, else why not: papers missing, system down, sent elsewhere, another reason."""
ANSWERS: Final[tuple[Served, ...]] = get_args(Served)
Face = Annotated[int, Meta(ge=1, le=3)]
SAD: Final = 1
GLAD: Final = 3


class FeedbackBody(FeatureBody, frozen=True, omit_defaults=True):
    """The answer that was given at a kiosk, as an item.

    The ticket whose paper was shown is named by one of `ticket`, its item's id, and `token`, its page's.
    """

    served: Served
    face: Face
    ticket: Uuid | None = None
    token: Token | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where it names no ticket, or names it twice."""
        if (self.ticket is None) == (self.token is None):
            raise ValueError("expected one of ticket and token")
