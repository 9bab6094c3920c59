"""A page of the feed: messages after a cursor, and what central asks to have again."""

import re
from typing import Annotated, Final

from msgspec import Meta, Raw, Struct, convert

from common.protocol.field import Count, Sha256, Uuid, Visible, Word

# A disk that was salvaged or enrolled again has a few epochs; what is older central has had for long.
MAX_PLACES: Final = 8


class FeedMessage(Struct, frozen=True):
    """One message of the feed; `body` is JSON of the struct that FEED_BODIES names for its kind."""

    id: Count
    kind: Word
    body: Raw


class ChainPlace(Struct, frozen=True):
    """The last item of an epoch that a kiosk holds central's word for: what central must have, or was set back."""

    epoch: Uuid
    seq: Count
    hash: Sha256

    def __str__(self) -> str:
        return f"{self.epoch}.{self.seq}.{self.hash}"


class Gap(Struct, frozen=True):
    """What central lacks of a chain though it once acknowledged it: every item after `after` is asked for again."""

    epoch: Uuid
    after: Count


class FeedPage(Struct, frozen=True):
    """Messages after a cursor, oldest first, and the next cursor, which only central reads.

    `epoch` names the feed as it is numbered now: central that was set back to a copy begins another. `through` grows
    within one: a page not above what was heard says nothing new. A snapshot replaces what earlier messages said; it
    comes in parts, counted from 0, and `more` tells that another page waits.
    """

    messages: list[FeedMessage]
    cursor: Visible
    epoch: Visible
    through: Count
    snapshot: bool = False
    part: Count = 0
    more: bool = False
    missing: Annotated[list[Gap], Meta(max_length=MAX_PLACES)] = []


def read_places(text: str) -> list[ChainPlace]:
    """Read what a kiosk says that central has acknowledged: `EPOCH.SEQ.HASH`, joined by commas.

    Raises:
        ValueError: another text, or more than MAX_PLACES of them.
    """
    parts = text.split(",") if text else []
    if len(parts) > MAX_PLACES:
        raise ValueError(f"at most {MAX_PLACES} places, found {len(parts)}")
    found = []
    for part in parts:
        fields = part.split(".")
        if len(fields) != 3 or not re.fullmatch(r"[0-9]{1,18}", fields[1]):
            raise ValueError("expected EPOCH.SEQ.HASH")
        found.append(convert({"epoch": fields[0], "seq": int(fields[1]), "hash": fields[2]}, ChainPlace))
    return found
