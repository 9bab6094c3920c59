"""What one screen says, as data: an article with its actions, and how one too long is split into pages."""

from dataclasses import dataclass, replace
from typing import Literal

from screens.theme import Slot
from screens.widgets.face import Kind

Tone = Literal["calm", "good", "warn", "bad"]


@dataclass(frozen=True)
class Action:
    """One button: its name, words, icon, answer, weight, and whether it is offered (else `note` says why not)."""

    name: str
    text: str
    answer: object
    icon: str | None = None
    kind: Kind = "plain"
    note: str = ""
    enabled: bool = True
    selected: bool = False
    """Whether this is how it stands now: marked by a check, too."""


@dataclass(frozen=True)
class Article:
    """What one screen says."""

    icon: str
    title: str
    tone: Tone = "calm"
    lines: tuple[str, ...] = ()
    number: str | None = None
    number_title: str = ""
    number_notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    code: str | None = None
    slot: Slot | None = None
    slot_text: str = ""
    progress: int | None = None
    """How many of three steps are done: kept, printing, taken."""
    actions: tuple[Action, ...] = ()


def pages_of(article: Article) -> list[Article]:
    """Split an article that is too long: first what must be known to go on, then each further piece under its title."""
    facts, short = article.facts, replace(article, facts=())
    pieces = [(head if index == 0 else "", line) for head, text in facts for index, line in enumerate(text.split("\n"))]
    if article.number is None and article.code is None and article.slot is None:
        first, later = ([short], replace(article, lines=())) if article.lines else ([], article)
        return [*first, *(replace(later, facts=tuple(pieces[at : at + 3])) for at in range(0, len(pieces), 3))]
    bare = replace(article, facts=(), lines=(), number=None, number_notes=(), code=None, slot=None, steps=())
    pages = [replace(short, steps=())]
    if pieces:
        pages.append(replace(bare, facts=tuple(pieces)))
    if article.steps:
        pages.append(replace(bare, steps=article.steps))
    return pages
