"""The kinds of messages to citizens, each with its rule of who should know what now."""

from typing import Final

from central.levels.level import LevelKind
from central.messages.claims import OfClaim
from central.messages.orders import OrderReady
from central.messages.watching import OfWatch

KINDS: Final[tuple[LevelKind, ...]] = (
    OrderReady(),
    OfClaim("claim-tomorrow"),
    OfClaim("claim-off"),
    OfWatch("works-again"),
    OfWatch("near"),
)
