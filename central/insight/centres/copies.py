"""What was made of one reading, made once however many ask for it."""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from central.base import clock
from central.insight.centres.now import Centres, centres_now
from central.insight.centres.reading import Centre, CentresReader, Known

Make = Callable[[Centres, Mapping[str, Centre]], bytes | None]


class Copy(NamedTuple):
    """Bytes to give away: their ETag, and how many seconds ago they were true."""

    body: bytes
    tag: str
    age_s: int


class Copies:
    """The copies that this process holds; as many as there are pages, for what does not exist is not kept."""

    def __init__(self, reader: CentresReader) -> None:
        """Begin with nothing made."""
        self._reader = reader
        self._now: tuple[Known, Centres, Mapping[str, Centre]] | None = None
        self._made: dict[str, tuple[Known, bytes, str]] = {}

    async def give(self, what: str, lives_s: int, make: Make) -> Copy | None:
        """Return a copy that is at most so old; None where `make` finds no such thing. Raises SQLAlchemyError."""
        known = await self._reader.read(lives_s)
        made = self._made.get(what)
        if made is None or made[0] is not known:
            body = make(*self._centres(known))
            if body is None:
                return None
            made = self._made[what] = known, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        age_s = int((clock.now() - known.at).total_seconds())
        return Copy(made[1], made[2], min(lives_s, max(0, age_s)))

    def _centres(self, known: Known) -> tuple[Centres, Mapping[str, Centre]]:
        """Return what all pages of one reading are drawn from, worked out for the first of them."""
        if self._now is None or self._now[0] is not known:
            self._now = known, centres_now(known), {one.code: one for one in known.centres}
        return self._now[1:]
