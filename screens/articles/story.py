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
    """What stands above it; empty where something else does."""
    title: str
    tone: Tone = "calm"
    lines: tuple[str, ...] = ()
    number: str | None = None
    number_title: str = ""
    number_notes: tuple[str, ...] = ()
    number_warning: str = ""
    """What changes the journey of who has the number: it never leaves it."""
    facts: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    first_step: int = 1
    """The number of the first of these steps: the others may be on the page before."""
    code: str | None = None
    slot: Slot | None = None
    slot_text: str = ""
    slot_icon: str | None = None
    """What stands beside the slot's words in place of an arrow, until there is something to take."""
    scene: str | None = None
    """A scene in place of the icon, or, where that is of the slot, in place of the arrow."""
    place: Slot | None = None
    """Where a scene has the slot or the scanner."""
    progress: int | None = None
    """How many of three steps are done: kept, printing, taken."""
    actions: tuple[Action, ...] = ()

    @property
    def shows(self) -> bool:
        """Return whether it has more than words and what can be done."""
        return bool(self.number or self.code or self.facts or self.steps or self.slot)


def splits_of(article: Article) -> list[list[Article]]:
    """Return the ways to put an article on pages, the fewest first; what must be known to go on is on the first."""
    splits = [[article]]
    for most, lines_apart in ((3, False), (3, True), (2, True), (1, True)):
        pages = _pages(article, most, lines_apart)
        if len(pages) > len(splits[-1]):
            if lines_apart and article.number and article.code and article.lines:  # said where the code is, if it fits
                splits.append([replace(pages[0], code=None), replace(pages[1], code=article.code), *pages[2:]])
            splits.append(pages)
    if len(splits[-1]) > 1:  # a long piece may need the title's room, too
        first, *others = splits[-1]
        splits.append([first, *(replace(page, title="") for page in others)])
    return splits


def pieces_of(article: Article) -> list[Article]:
    """Return each thing that an article says as an article of its own, what must be known to go on first."""
    bare = replace(
        article,
        title="",
        lines=(),
        facts=(),
        steps=(),
        number=None,
        number_notes=(),
        number_warning="",
        code=None,
        slot=None,
        progress=None,
    )
    shown = [replace(bare, number=article.number, number_warning=article.number_warning)] if article.number else []
    shown += [replace(bare, code=article.code)] if article.code else []
    shown += [replace(bare, slot=article.slot)] if article.slot else []
    pieces = [replace(bare, title=article.title, progress=article.progress)]
    pieces += [replace(bare, lines=(note,)) for note in article.number_notes if article.number]
    pieces += [replace(bare, lines=(line,)) for line in article.lines]
    pieces += [replace(bare, facts=((head if n == 0 else "", line),)) for head, n, line in _fact_lines(article)]
    pieces += [replace(bare, steps=(step,), first_step=n) for n, step in enumerate(article.steps, 1)]
    return [*shown, *pieces]


def _fact_lines(article: Article) -> list[tuple[str, int, str]]:
    return [(head, n, line) for head, text in article.facts for n, line in enumerate(text.split("\n"))]


def joined(one: Article, other: Article) -> Article:
    """Return one page that says what two say."""
    return replace(
        one,
        title=one.title or other.title,
        lines=one.lines + other.lines,
        facts=one.facts + other.facts,
        steps=one.steps + other.steps,
        first_step=one.first_step if one.steps else other.first_step,
        number=one.number or other.number,
        number_warning=one.number_warning or other.number_warning,
        code=one.code or other.code,
        slot=one.slot or other.slot,
        progress=one.progress or other.progress,
        actions=one.actions if one.actions == other.actions else one.actions + other.actions,
    )


def _pages(article: Article, most: int, lines_apart: bool) -> list[Article]:
    """Split an article: number, code and slot, or else its lines; then each further piece under the title."""
    pieces = [(head if n == 0 else "", line) for head, n, line in _fact_lines(article)]
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
