"""Up to where a kiosk has heard the feed, as text that only central reads: epoch, message id and the message's mark.

The mark is random: after a restore ids come a second time, and only the mark tells the new message from the old one.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

NOTHING_HEARD: Final = "0"
_TEXT: Final = re.compile(
    r"([0-9a-f-]{36})\.([0-9]{1,18})\.([0-9a-f]{1,32})(?:\.([0-9]{1,18})\.([0-9]{1,9}))?(?:~([0-9]{1,3}))?"
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed; `id` 0 with the mark "0" is the place before the first message.

    In a snapshot under way `id` is where the whole will lead, `after` the last message of the part before, and `part`
    the number of the part that comes next. `kinds` is how many of the later kinds the reader was told of up to there.
    """

    epoch: str
    id: int
    mark: str
    after: int | None = None
    part: int = 0
    kinds: int = 0

    def __str__(self) -> str:
        place = f"{self.epoch}.{self.id}.{self.mark}"
        part = "" if self.after is None else f".{self.after}.{self.part}"
        return f"{place}{part}~{self.kinds}" if self.kinds else place + part

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Read what a kiosk sent back; None for what central never wrote."""
        found = _TEXT.fullmatch(text or "")
        if found is None:
            return None
        epoch, number, mark, after, part, kinds = found.groups()
        return cls(epoch, int(number), mark, None if after is None else int(after), int(part or 0), int(kinds or 0))
