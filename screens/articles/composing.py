"""How the words of an article and what can be done stand on the panel: as one group, with no hole between them.

A short article leaves room on a panel that stands upright. Its picture and its buttons grow into that first; what is
left lies around the group, never within it. No Kivy here.
"""

from screens.articles.column import Column
from screens.look.frame import Box, Frame

_OF_PICTURE, _OF_BUTTONS, _OF_GAP = 0.55, 0.4, 0.25
"""The parts of the room, as it is left by the one before, that picture, buttons and the gap above these may take."""
_BUTTON_MOST_MM, _GAP_MORE_MM = 36.0, 10.0


def compose(frame: Frame, column: Column, cells: list[Box], floor_y: float) -> list[Box]:
    """Place a column and the buttons below it, whose cells end at `floor_y` at the latest; return the cells.

    A panel that lies keeps its buttons level with the controls beside it. Within low reach they stay where they are,
    and the words come down to them.
    """
    spare = column.spare
    spare -= column.grow(spare * _OF_PICTURE)
    top = column.box.y
    if not cells:
        column.move(top + column.above(spare))
        return cells
    rows = {cell.y: cell.h for cell in cells}
    each, most = spare * _OF_BUTTONS / len(rows), 0 if frame.theme.low else frame.mm(_BUTTON_MOST_MM)
    more = {y: max(0.0, min(each, most - high)) for y, high in rows.items()}
    spare -= sum(more.values())
    gap = 0.0 if frame.theme.wide else min(frame.mm(_GAP_MORE_MM), spare * _OF_GAP)
    spare -= gap
    above = spare if frame.theme.low and not frame.theme.wide else column.above(spare)
    column.move(top + above)
    below = 0.0 if frame.theme.wide or frame.theme.low else spare - above
    placed, y = {}, floor_y - below
    for old in sorted(rows, reverse=True):  # from the lowest row up
        y -= rows[old] + more[old]
        placed[old] = y
        y -= next((old - (upper + rows[upper]) for upper in sorted(rows, reverse=True) if upper < old), 0)
    return [Box(cell.x, placed[cell.y], cell.w, cell.h + more[cell.y]) for cell in cells]
