"""Groups of services and desks: what they are called, and what they are known by besides their letter."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.city.brand.look import TEXT, contrast, rgb

type Words = Mapping[str, str]
Line = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*\Z")]
Names = dict[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], Line]
"""A text by language code: Arabic and English always, any other language where somebody has given it."""
Letter = Annotated[str, Meta(pattern=r"^[A-Z]\Z")]


class GroupMark(Struct, frozen=True, forbid_unknown_fields=True):
    """What a group is known by besides its letter: a colour, and a sign for those who see no colour."""

    colour: Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
    sign: Literal["circle", "square", "triangle", "diamond", "hexagon", "cross"]

    def __post_init__(self) -> None:
        if (found := contrast(rgb(self.colour), (1.0, 1.0, 1.0))) < TEXT:
            raise ValueError(f"the colour {self.colour} has a contrast of {found:.1f}:1 on white, less than {TEXT:g}:1")


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A group as it is published; what it doesn't say stays as it is."""

    names: Names | None = None
    mark: GroupMark | None = None

    def __post_init__(self) -> None:
        if self.names is not None:
            require_both(self.names)


class DeskEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A desk that gives numbers but belongs to no service: its letter, which is also its group, and its names."""

    prefix: Letter
    names: Names

    def __post_init__(self) -> None:
        require_both(self.names)


def require_both(names: Words) -> None:
    """See that a text is there in both languages. Raises ValueError."""
    if missing := [code for code in ("ar", "en") if code not in names]:
        raise ValueError(f"a text lacks {' and '.join(missing)}")
