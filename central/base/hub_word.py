"""What of a hub's last word holds whichever version said it: a stricter rule of ours makes none of it untrue."""

import msgspec
from msgspec import Struct


class HubWord(Struct, frozen=True):
    """Of a waiting list as it is kept: the hub's term, how long its log was, how long the board was silent then."""

    term: int = 0
    seq: int = 0
    board_silent_s: int | None = None


def read(kept: str) -> HubWord:
    """Return what a list that was kept says, also one that would be refused today."""
    return msgspec.json.decode(kept, type=HubWord)
