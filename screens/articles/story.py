"""What one screen says, as data: an article with its actions, and how one too long is split into pages."""

from dataclasses import dataclass, replace
from typing import Literal

from screens.look.theme import Slot
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


def splits_of(article: Article) -> list[list[Article]]:
    """Return the ways to put an article on pages, the fewest first; what must be known to go on is on the first."""
    splits = [[article]]
    for most, lines_apart in ((3, False), (3, True), (2, True), (1, True)):
        pages = _pages(article, most, lines_apart)
        if len(pages) > len(splits[-1]):
            splits.append(pages)
    if len(splits[-1]) > 1:  # a long piece may need the title's room, too
        first, *others = splits[-1]
        splits.append([first, *(replace(page, title="") for page in others)])
    return splits


def _pages(article: Article, most: int, lines_apart: bool) -> list[Article]:
    """Split an article: number, code and slot, or else its lines; then each further piece under the title."""
    pairs = article.facts
    pieces = [(head if index == 0 else "", line) for head, text in pairs for index, line in enumerate(text.split("\n"))]
    shown = article.number is not None or article.code is not None or article.slot is not None
    bare = replace(article, facts=(), lines=(), number=None, number_notes=(), code=None, slot=None, steps=())
    first = replace(article, facts=())
    pages = []
    if shown:
        pages.append(replace(first, steps=(), lines=() if lines_apart else article.lines))
    elif article.lines:
        pages.append(replace(first, steps=() if lines_apart else article.steps))
    if shown and lines_apart and article.lines:
        pages.append(replace(bare, lines=article.lines))
    chunk = len(pieces) if shown and most == 3 else most
    pages += [replace(bare, facts=tuple(pieces[at : at + chunk])) for at in range(0, len(pieces), max(1, chunk))]
    if article.steps and not any(page.steps for page in pages):
        pages.append(replace(bare, steps=article.steps))
    return pages
