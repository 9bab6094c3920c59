"""The parts of an article that are more than a line: sign, progress, number, code, facts, steps, the way to the slot.

Each function returns a block of a column, drawn with the widgets of the screen that it is given.
"""

from kiosk.language import parted
from screens.articles.column import Block
from screens.articles.story import Article, Tone
from screens.icons.scenes import GRID
from screens.look.frame import SMALL, SMALL_STRONG, STRONG, TEXT_MM, TITLE_MM, Box, Style
from screens.look.text import CAP_HEIGHT_EM, LINE_EM, fitted, grid_px, typeset
from screens.look.theme import BIG_TEXT, Rgb, Slot
from screens.screen import Screen
from screens.widgets.label import height_of, letters_in, line_px
from screens.widgets.picture import QrCode

_NUMBER_MM, _NUMBER_MOST_MM = 42.0, 56.0
_TITLE_LINES = 3
_NUMBER_AIR_EM = 0.18
"""What lies free above and below the digits of a number."""
_SCENE_LEAST_MM, _SLOT_SCENE_MM = 26.0, 44.0
"""Below this height a scene can't be made out, and an icon or an arrow stands in its place."""
_DISC_SHARE, _SIGN_MOST_MM = 0.52, 150.0
"""How much of the width a disc may have where room is left, and how high any sign may be."""
_SCENE_CARD, _SCENE_AIR = 1.6, 0.08
"""How wide a scene's card is to its height, and how much of that is free above the scene."""


def shrinking(style: Style, scale: float) -> Style:
    """Return a small style that gives way in the easy mode on a small panel, and never grows with the scale."""
    return style.scaled(min(1.0, scale))


def ink_of(screen: Screen, tone: Tone) -> Rgb:
    """Return the colour of a title of this tone."""
    palette = screen.frame.palette
    return {"calm": palette.ink, "good": palette.good, "warn": palette.warn, "bad": palette.bad}[tone]


def text(screen: Screen, name: str, words: str, style: Style, colour: Rgb | None = None) -> Block:
    """Return centred lines of text."""
    side = screen.frame.mm(6 if screen.frame.theme.tall else 0)  # words keep clear of the edge, cards need not

    def draw(box: Box, scale: float) -> None:
        screen.label(name, box.inset(side, 0), words, style.scaled(scale), colour, "centre", middle=0.0)

    return Block(
        name,
        lambda w, scale: height_of(screen.frame, words, w - 2 * side, style.scaled(scale)),
        draw,
        4,
        letters=lambda w, scale: letters_in(screen.frame, w - 2 * side, (words, style.scaled(scale))),
    )


def sign(screen: Screen, article: Article) -> Block:
    """Return the article's scene on a tinted card, or its icon on a disc: the first that goes where room is short."""
    frame, palette = screen.frame, screen.frame.palette
    ground = {"calm": palette.tint, "good": palette.tint, "warn": palette.warn_tint, "bad": palette.bad_tint}
    ink = palette.primary if article.tone == "calm" else ink_of(screen, article.tone)

    def draw(box: Box, _scale: float) -> None:
        side = min(box.h, box.w)
        if article.scene is not None and article.scene != "ticket" and side >= frame.mm(_SCENE_LEAST_MM):
            high = min(box.h, box.w / _SCENE_CARD)
            card = box.centred(high * _SCENE_CARD, high)
            screen.surface("sign_ground", card, ground[article.tone], None, 6)
            card.cut_top(high * _SCENE_AIR)
            screen.scene("scene", card, article.scene, ink, article.place)
            return
        disc = box.centred(side, side)
        screen.surface("sign_ground", disc, ground[article.tone], None, side / frame.theme.px_per_mm / 2)
        screen.icon("sign", disc.centred(side * 0.56, side * 0.56), article.icon, ink)

    size = 34 if article.number or article.code else 52
    most = 1.0 if frame.theme.easy or frame.theme.low else 2.0
    wide = 1 / _SCENE_CARD if article.scene is not None and article.scene != "ticket" else _DISC_SHARE

    def high(_w: float, scale: float) -> float:
        return frame.mm(max(12, size * min(most, scale**2)))

    return Block("sign", high, draw, 6, is_ornament=True, most=lambda w: min(w * wide, frame.mm(_SIGN_MOST_MM)))


def progress(screen: Screen, done: int) -> Block:
    """Return three marks in a row: those done are filled, so that nothing need move while the printer works."""
    frame, palette = screen.frame, screen.frame.palette

    def draw(box: Box, _scale: float) -> None:
        row = box.centred(min(box.w, frame.mm(110)), box.h)
        for index, cell in enumerate(row.grid(3, 1, frame.mm(4))):
            fill = palette.primary if index < done else palette.tint
            screen.surface(f"progress{index}", cell, fill, palette.primary, 1.5)

    return Block("progress", lambda _w, _scale: frame.mm(4), draw, 6)


def number(screen: Screen, article: Article) -> Block:
    """Return the number as large as the card is wide, with its title above and its notes below."""
    frame, palette = screen.frame, screen.frame.palette
    said, notes, warning = parted(article.number or ""), article.number_notes, article.number_warning
    named = STRONG if frame.theme.tall else SMALL_STRONG
    pad = frame.mm((5 if frame.theme.easy else 4) if frame.theme.tall else 2)
    bigger = BIG_TEXT if frame.theme.easy else 1.0
    mark, colour = frame.theme.mark_of(said), frame.theme.mark_colour(said)
    side = 0 if mark is None else frame.mm(9 if frame.theme.tall else 6)  # the group's sign, before the title

    def digits(scale: float) -> Style:
        least = 13.0 if frame.theme.tiny else 20.0
        wish = max(least, min(_NUMBER_MOST_MM, _NUMBER_MM * scale * bigger))
        return Style(frame.theme.capital_mm(grid_px(frame.theme.em(wish))) / bigger, "bold", capitals=True)

    def title_px(w: float, style: Style) -> int:
        """Return the height of a service's name: three lines at the most, for the number is what must be read."""
        most = round(_TITLE_LINES * LINE_EM * frame.type(style).wish_px)
        return max(side, min(most, height_of(frame, article.number_title, w - 2 * side, style, most)))

    def warned(scale: float) -> Style:
        return Style(TEXT_MM * scale, "bold")

    def em(w: float, scale: float) -> int:
        return fitted(said, int(w), 10_000, frame.type(digits(scale), "ltr", max_lines=1)).size_px

    def height(w: float, scale: float) -> float:
        inner = w - 2 * frame.mm(6)
        rows = sum(height_of(frame, note, inner, Style(TEXT_MM * scale)) for note in notes)
        head = title_px(inner, shrinking(named, scale))
        rows += height_of(frame, warning, inner, warned(scale)) if warning else 0
        return head + rows + em(inner, scale) * (CAP_HEIGHT_EM + 2 * _NUMBER_AIR_EM) + 2 * pad

    def draw(box: Box, scale: float) -> None:
        screen.surface("number_card", box, palette.surface, palette.edge, 6)
        inner = box.inset(frame.mm(6), pad)
        title = shrinking(named, scale)
        head = inner.cut_top(title_px(inner.w, title))
        if mark is not None:
            screen.icon("number_sign", head.cut_start(side).centred(side, side), f"sign-{mark.sign}", colour)
            head.cut_end(side)
        screen.label("number_title", head, article.number_title, title, palette.soft_ink, "centre")
        for index, note in reversed(list(enumerate(notes))):
            row = inner.cut_bottom(height_of(frame, note, inner.w, Style(TEXT_MM * scale)))
            screen.label(f"note{index}", row, note, Style(TEXT_MM * scale), palette.ink, "centre")
        if warning:
            row = inner.cut_bottom(height_of(frame, warning, inner.w, warned(scale)))
            screen.label("warning", row, warning, warned(scale), ink_of(screen, "warn"), "centre")
        screen.label("number", inner, said, digits(scale), colour, "centre", direction="ltr", max_lines=1)

    def letters(w: float, scale: float) -> dict[str, int]:
        inner = w - 2 * frame.mm(6)
        style = shrinking(named, scale)
        title = fitted(article.number_title, int(inner - 2 * side), title_px(inner, style), frame.type(style))
        under = ((note, Style(TEXT_MM * scale)) for note in notes)
        beside = letters_in(frame, inner, *under, *(((warning, warned(scale)),) if warning else ()))
        return beside | {article.number_title: title.size_px if title.fits else 0}

    return Block("number", height, draw, 6, letters=letters)


def code(screen: Screen, content: str) -> Block:
    """Return a code for a phone's camera on a white card."""
    frame = screen.frame

    def draw(box: Box, _scale: float) -> None:
        side = min(box.w, box.h)
        card = box.centred(side, side)
        screen.surface("code_card", card, (1, 1, 1), frame.palette.edge, 5)
        screen.part(QrCode, "code").show(frame, card.inset(frame.mm(3)), content)

    least = 42 if frame.theme.tiny else 56
    return Block("code", lambda w, scale: min(w, frame.mm(max(least, 110 * scale))), draw, 6)


def facts(screen: Screen, pairs: tuple[tuple[str, str], ...]) -> Block:
    """Return pairs of a small heading and what it says on one card."""
    frame, palette = screen.frame, screen.frame.palette
    margin, edge = frame.mm(7 if frame.theme.tall else 2.5), 3 if frame.theme.tiny else 5

    def rows(w: float, scale: float) -> list[tuple[int, int]]:
        inner = w - 2 * margin
        body, small = Style(TEXT_MM * scale, "semibold"), shrinking(SMALL, scale)
        return [(height_of(frame, head, inner, small), height_of(frame, words, inner, body)) for head, words in pairs]

    def height(w: float, scale: float) -> float:
        gaps = frame.mm(3 * scale) * (len(pairs) - 1)
        return sum(head + words for head, words in rows(w, scale)) + gaps + 2 * frame.mm(edge * scale)

    def draw(box: Box, scale: float) -> None:
        screen.surface("facts", box, palette.surface, palette.edge, 5)
        inner, small = box.inset(margin, frame.mm(edge * scale)), shrinking(SMALL, scale)
        for index, ((head, words), (high, low)) in enumerate(zip(pairs, rows(box.w, scale), strict=True)):
            if head:
                screen.label(f"fact_head{index}", inner.cut_top(high), head, small, palette.soft_ink)
            place = inner.cut_top(low, frame.mm(3 * scale))
            screen.label(f"fact{index}", place, words, Style(TEXT_MM * scale, "semibold"), palette.ink, middle=0.0)

    def letters(w: float, scale: float) -> dict[str, int]:
        small, body = shrinking(SMALL, scale), Style(TEXT_MM * scale, "semibold")
        heads, words = [(head, small) for head, _ in pairs], [(words, body) for _, words in pairs]
        return letters_in(frame, w - 2 * margin, *heads, *words)

    return Block("facts", height, draw, 6, letters=letters)


def steps(screen: Screen, said: tuple[str, ...], first: int = 1) -> Block:
    """Return numbered steps, each with its digit on a disc."""
    frame, palette = screen.frame, screen.frame.palette
    tall = frame.theme.tall
    side = max(frame.mm(12 if tall else 9.7), line_px(frame, SMALL_STRONG) + 2)
    margin = frame.mm(6 if tall else 2.5)
    gap = frame.mm(4 if tall else 2)

    def sizes(w: float, scale: float) -> list[float]:
        inner, style = w - side - gap - 2 * margin, Style(TEXT_MM * scale)
        return [max(side, height_of(frame, step, inner, style)) for step in said]

    def height(w: float, scale: float) -> float:
        return sum(sizes(w, scale)) + frame.mm(3 * scale) * (len(said) - 1) + 2 * frame.mm(5 * scale)

    def draw(box: Box, scale: float) -> None:
        screen.surface("steps", box, palette.surface, palette.edge, 5)
        inner = box.inset(margin, frame.mm(5 * scale))
        for index, (step, size) in enumerate(zip(said, sizes(box.w, scale), strict=True)):
            row = inner.cut_top(size, frame.mm(3 * scale))
            disc = row.cut_start(side, gap).centred(side, side)
            screen.surface(f"disc{index}", disc, palette.primary, None, 6)
            screen.label(f"digit{index}", disc, str(index + first), SMALL_STRONG, palette.on_primary, "centre")
            screen.label(f"step{index}", row, step, Style(TEXT_MM * scale), palette.ink)

    def letters(w: float, scale: float) -> dict[str, int]:
        return letters_in(frame, w - side - gap - 2 * margin, *((step, Style(TEXT_MM * scale)) for step in said))

    return Block("steps", height, draw, 6, letters=letters)


def arrow(screen: Screen, article: Article, slot: Slot) -> Block:
    """Return what to take and an arrow to the real slot, or that slot drawn where there is room for it.

    Left and right are the panel's own, in every language.
    """
    words, scene = article.slot_text, article.scene if article.scene == "ticket" else None
    frame, palette = screen.frame, screen.frame.palette
    tiny = frame.theme.tiny
    margin, gap = frame.mm(2.5 if tiny else 5), frame.mm(2 if tiny else 4)

    def side_px(scale: float) -> tuple[float, float]:
        """Return width and height of what is beside the words."""
        high = frame.mm(_SLOT_SCENE_MM * scale)
        if scene is not None and high >= frame.mm(_SCENE_LEAST_MM):
            return round(high * GRID[0] / GRID[1]), high
        side = frame.mm(min(40, max(12 if tiny else 16, 28 * scale)))
        return side, side

    def style(scale: float) -> Style:
        return Style(TITLE_MM * scale, "bold") if article.slot_icon is None else STRONG.scaled(scale)

    def draw(box: Box, scale: float) -> None:
        screen.surface("slot", box, palette.tint, None, 5)
        inner = box.inset(margin, frame.mm(2))
        wide, high = side_px(scale)
        is_scene = wide > high
        wide = min(wide, inner.h) if not is_scene else wide
        if slot == "below":  # an arrow to a side stands at that side, this one with its words in the middle
            said = typeset(words, int(inner.w - wide - gap), int(inner.h), frame.type(style(scale))).width_px
            inner = inner.centred(min(inner.w, wide + gap + said + 2), inner.h)
        on_left, starts_left = slot == "left", not frame.rtl
        cut = inner.cut_start if (slot == "below" or on_left == starts_left) else inner.cut_end
        place = cut(wide, gap)
        if is_scene:
            screen.scene("slot_scene", place.centred(wide, min(high, place.h)), scene or "", palette.primary, slot)
        else:
            drawing = article.slot_icon or {"below": "down", "left": "left", "right": "right"}[slot]
            screen.icon("slot_arrow", place.centred(wide * 0.8, wide * 0.8), drawing, palette.primary)
        screen.label("slot_text", inner, words, style(scale), palette.primary, "start" if slot == "below" else "centre")

    def height(w: float, scale: float) -> float:
        wide, high = side_px(scale)
        room = w - 2 * margin - gap - wide
        least = high + frame.mm(4) if wide > high else frame.mm(max(20, 32 * scale))
        return max(least, height_of(frame, words, room, style(scale)) + frame.mm(4) + 2)

    def letters(w: float, scale: float) -> dict[str, int]:
        return letters_in(frame, w - 2 * margin - gap - side_px(scale)[0], (words, style(scale)))

    return Block("slot", height, draw, 6, letters=letters)
