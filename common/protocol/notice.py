"""Notices: sentences of the municipality that stand on screens, boards, pages and papers for a while."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct, ValidationError, convert

from common.protocol.field import Line, Moment, Word

Place = Literal["kiosk", "board", "page", "paper"]
PLACES: Final = get_args(Place)
LONGEST_NOTICE: Final = 120
NoticeText = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,120}\Z")]


class Notice(Struct, frozen=True, rename={"begins": "from"}):
    """One sentence by language, and where it stands, from one moment up to another."""

    id: Word
    begins: Moment
    until: Moment
    texts: dict[Word, NoticeText]
    where: Annotated[list[str], Meta(max_length=10)]

    def stands(self, place: Place, now: datetime) -> bool:
        """Return whether it stands at a place now."""
        try:
            return place in self.where and convert(self.begins, datetime) <= now < convert(self.until, datetime)
        except ValidationError:  # 30 February
            return False

    def is_over(self, now: datetime) -> bool:
        """Return whether it stands nowhere any more."""
        try:
            return convert(self.until, datetime) <= now
        except ValidationError:
            return True


class Notices(Struct, frozen=True):
    """The notices of a centre or, where that is null, of all; newer ones take the place of all of them."""

    centre: Line | None
    notices: Annotated[list[Notice], Meta(max_length=50)]


def merged(told: Iterable[Notices]) -> list[Notice]:
    """Return all notices: a centre's own first, of which one goes before one of all with the same id."""
    by_id: dict[str, Notice] = {}
    for notices in sorted(told, key=lambda one: one.centre is None):
        for notice in notices.notices:
            by_id.setdefault(notice.id, notice)
    return list(by_id.values())


def standing(told: Iterable[Notices], place: Place, now: datetime) -> list[dict[str, str]]:
    """Return what stands at a place now, by language."""
    return [dict(notice.texts) for notice in merged(told) if notice.stands(place, now)]
